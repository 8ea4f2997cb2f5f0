/** Proposals: kept, signed by several people, submitted by one of them. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ProposalDetail, ProposalSummary, ProposalsResponse } from '../../protocol/api/proposal-api.ts';
import { toInstant } from '../../protocol/base/instant.ts';
import { describeRelay } from '../../tests/relay/relay-suite.ts';
import { TestInvestigator } from '../../tests/relay/test-investigator.ts';

await describeRelay('proposals', (relay) => {
  const { alice, bench } = relay;
  let bob: TestInvestigator;
  let carol: TestInvestigator;
  let mallory: TestInvestigator;

  before(async () => {
    bob = await TestInvestigator.create('Bob');
    carol = await TestInvestigator.create('Carol');
    mallory = await TestInvestigator.create('Mallory');
    bench.admit('bob', bob);
    bench.admit('carol', carol);
    await relay.start(bob, carol);
  });
  after(async () => {
    for (const one of [bob, carol, mallory]) one.close();
  });

  async function newProposal(change: Parameters<TestInvestigator['newAction']>[0] = {}) {
    const action = alice.newAction({ readers: [alice.fingerprint, bob.fingerprint], ...change });
    const { envelope, wrappedreplykey } = await alice.newSubmission(action);
    return { action, wrappedreplykey, envelope: { ...envelope, signatures: [] as string[] } };
  }

  async function signed(who: TestInvestigator, payload: string): Promise<string> {
    return who.sign(Buffer.from(payload, 'base64'));
  }

  test('one proposes, two sign, one submits what the relay has kept', async () => {
    const { action, ...proposal } = await newProposal({ name: 'for two' });
    const created = ProposalSummary.parse((await alice.call('POST', '/proposals', proposal)).body);
    assert.deepEqual(created.signers, []);
    assert.equal(created.investigator, 'alice');
    const { payload } = proposal.envelope;
    const path = `/proposals/${action.id}`;
    for (const who of [alice, bob, bob])
      assert.equal(await who.codeOf('POST', `${path}/signatures`, { signature: await signed(who, payload) }), '201');
    const { proposals } = ProposalsResponse.parse((await bob.call('GET', '/proposals')).body);
    const listed = proposals.find(({ id }) => id === action.id);
    assert.deepEqual(listed?.signers.map(({ investigator }) => investigator).sort(), ['alice', 'bob']);
    assert.equal(listed?.launched, false);
    const detail = ProposalDetail.parse((await bob.call('GET', path)).body);
    assert.equal(detail.envelope.payload, payload);
    assert.equal(detail.envelope.signatures.length, 2);
    const { envelope, wrappedreplykey } = detail;
    assert.equal(await bob.codeOf('POST', '/actions', { envelope, wrappedreplykey }), '201');
    assert.equal(ProposalDetail.parse((await bob.call('GET', path)).body).launched, true);
  });

  test('under its id nothing else is asked, and only by those who may open the answers', async () => {
    const { action, ...proposal } = await newProposal();
    assert.equal(await alice.codeOf('POST', '/proposals', proposal), '201');
    const other = await bob.newSubmission(bob.newAction({ id: action.id, name: 'something else' }));
    assert.equal(await bob.codeOf('POST', '/actions', other), 'other-than-proposed');
    const { payload } = proposal.envelope;
    const asCarol = { ...proposal, envelope: { payload, signatures: [await signed(carol, payload)] } };
    assert.equal(await carol.codeOf('POST', '/actions', asCarol), 'not-a-reader');
    const asBob = { ...proposal, envelope: { payload, signatures: [await signed(bob, payload)] } };
    assert.equal(await bob.codeOf('POST', '/actions', asBob), '201');
    const late = await bob.newSubmission(bob.newAction({ id: action.id }));
    assert.equal(await bob.codeOf('POST', '/proposals', late), 'action-exists');
  });

  test('another wrapped reply key than the one that was signed is refused', async () => {
    const { action, ...proposal } = await newProposal();
    const swapped = { ...proposal, wrappedreplykey: 'another' };
    assert.equal(await alice.codeOf('POST', '/proposals', swapped), 'wrapped-key-mismatch');
    const submission = await alice.newSubmission(action);
    const body = { ...submission, wrappedreplykey: 'another' };
    assert.equal(await alice.codeOf('POST', '/actions', body), 'wrapped-key-mismatch');
  });

  test('what could never be an action, or is signed by somebody else, is refused with its code', async () => {
    const { action, ...proposal } = await newProposal();
    const withSignatures = async (...signers: TestInvestigator[]) => {
      const signatures = await Promise.all(signers.map((signer) => signed(signer, proposal.envelope.payload)));
      return { ...proposal, envelope: { ...proposal.envelope, signatures } };
    };
    const { action: _, ...over } = await newProposal({ expireafter: toInstant(Date.now() - 1000) });
    const { action: __, ...aimless } = await newProposal({ target: 'nonsense' });
    for (const [code, body] of [
      ['signature-not-accepted', await withSignatures(alice, mallory)],
      ['signature-not-accepted', { ...proposal, envelope: { ...proposal.envelope, signatures: ['garbage'] } }],
      ['malformed', { ...proposal, envelope: { payload: 'AAAA', signatures: [] } }],
      ['action-expired', over],
      ['target-malformed', aimless],
      ['bad-request', { ...proposal, more: 1 }],
    ] as const)
      assert.equal(await alice.codeOf('POST', '/proposals', body), code);
    assert.equal(await alice.codeOf('POST', '/proposals', await withSignatures(alice, bob)), '201');
    assert.equal(await alice.codeOf('POST', '/proposals', proposal), 'proposal-exists');
    const path = `/proposals/${action.id}/signatures`;
    const foreign = { signature: await signed(bob, proposal.envelope.payload) };
    assert.equal(await alice.codeOf('POST', path, foreign), 'signature-not-accepted');
    const missing = `/proposals/${'0'.repeat(32)}`;
    for (const [method, what] of [
      ['GET', missing],
      ['POST', `${missing}/signatures`],
      ['DELETE', missing],
    ] as const)
      assert.equal(await alice.codeOf(method, what, method === 'POST' ? foreign : undefined), 'not-found');
  });

  test('pages, and withdrawing by who proposed', async () => {
    const ids: string[] = [];
    for (let count = 0; count < 3; count += 1) {
      const { action, ...proposal } = await newProposal();
      assert.equal(await alice.codeOf('POST', '/proposals', proposal), '201');
      ids.unshift(action.id);
    }
    const first = ProposalsResponse.parse((await alice.call('GET', '/proposals?limit=2')).body);
    const second = ProposalsResponse.parse((await alice.call('GET', `/proposals?limit=2&before=${first.next}`)).body);
    const listed = [...first.proposals, ...second.proposals].map(({ id }) => id);
    assert.deepEqual(listed.slice(0, 3), ids);
    assert.equal(await bob.codeOf('DELETE', `/proposals/${ids[0]}`), 'not-allowed');
    assert.equal(await alice.codeOf('DELETE', `/proposals/${ids[0]}`), '204');
    assert.equal(await alice.codeOf('GET', `/proposals/${ids[0]}`), 'not-found');
  });
});
