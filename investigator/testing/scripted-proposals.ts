/** The proposals of the scripted relay: kept as they come, the signatures unchecked, as a careless relay would. */
import { parseSignedBytes } from '../../protocol/action/envelope.ts';
import { ProposalSignature, ProposalSubmission, type ProposalSummary } from '../../protocol/api/proposal-api.ts';

interface StoredProposal {
  readonly submission: ProposalSubmission;
  readonly signatures: string[];
}

/** What to answer: a status and a body. */
export type ScriptedResponse = readonly [status: number, body: unknown];

const notFound: ScriptedResponse = [
  404,
  { type: 'about:blank', title: 'no such proposal', status: 404, code: 'not-found' },
];

export class ScriptedProposals {
  readonly #kept = new Map<string, StoredProposal>();

  #summarise({ submission, signatures }: StoredProposal): ProposalSummary {
    const action = parseSignedBytes(Buffer.from(submission.envelope.payload, 'base64'));
    const { id, name, target, validfrom, expireafter, readers } = action;
    const fingerprint = readers[0];
    if (fingerprint === undefined) throw new TypeError('expected a reader');
    const signers = signatures.map((_, index) => ({ investigator: `signer ${index + 1}`, fingerprint }));
    const times = { validfrom, expireafter, created: validfrom };
    return { id, name, target, ...times, investigator: 'alice', signers, launched: false };
  }

  #add(submission: ProposalSubmission): ScriptedResponse {
    const kept = { submission, signatures: [...submission.envelope.signatures] };
    const summary = this.#summarise(kept);
    this.#kept.set(summary.id, kept);
    return [201, summary];
  }

  /** Another proposal under this id: what a hostile relay might show. */
  swap(id: string, other: string): void {
    const kept = this.#kept.get(other);
    if (kept !== undefined) this.#kept.set(id, kept);
  }

  /** @param path below `/proposals`, without its slash. */
  answer(method: string, path: string, body: unknown): ScriptedResponse {
    if (path === '') {
      if (method === 'POST') return this.#add(ProposalSubmission.parse(body));
      return [200, { proposals: [...this.#kept.values()].map((kept) => this.#summarise(kept)), next: null }];
    }
    const [id = '', what] = path.split('/');
    const kept = this.#kept.get(id);
    if (kept === undefined) return notFound;
    if (method === 'DELETE') {
      this.#kept.delete(id);
      return [204, undefined];
    }
    if (what === 'signatures') {
      kept.signatures.push(ProposalSignature.parse(body).signature);
      return [201, this.#summarise(kept)];
    }
    const envelope = { ...kept.submission.envelope, signatures: kept.signatures };
    return [200, { ...this.#summarise(kept), ...kept.submission, envelope }];
  }
}
