/** What is written for service managers that are not on this machine, and what is read of their answers. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { BakedEnvironment } from '../../protocol/environment/environment.ts';
import { parseState, toPlist } from './launchd.ts';
import { parseServiceState, toServiceCommands } from './windows.ts';

const environment = { name: 'production' } as BakedEnvironment;

describe('launchd', () => {
  test('keeps the agent running, gives it time to stop, and a folder of its own for what it loads', () => {
    const plist = toPlist(environment);
    const textOf = (key: string): string | undefined =>
      new RegExp(`<key>${key}</key>\\s*(?:<array>\\s*)?<(?:string|integer)>([^<]*)<`).exec(plist)?.[1];
    assert.deepEqual(['Label', 'ProgramArguments', 'ExitTimeOut', 'Umask', 'TMPDIR'].map(textOf), [
      'mig-agent-production',
      '/Library/PrivilegedHelperTools/mig-agent-production',
      '40',
      '63',
      '/var/db/mig-agent/production',
    ]);
    for (const key of ['RunAtLoad', 'KeepAlive']) assert.match(plist, new RegExp(`<key>${key}</key>\\s*<true/>`));
  });

  test('tells the state of a service, not those of what belongs to it', () => {
    const printed = `system/mig-agent-production = {
\tactive count = 1
\tpath = /Library/LaunchDaemons/mig-agent-production.plist
\tstate = running
\tendpoints = {
\t\t"x" = {
\t\t\tstate = down
`;
    assert.equal(parseState(printed), 'running');
    assert.equal(parseState('Could not find service'), null);
  });
});

describe("Windows' service manager", () => {
  const executable = 'C:\\Program Files\\mig-agent-production\\mig-agent.exe';

  test('is told once what to run, and at each upgrade to start it', () => {
    const service = 'mig-agent-production';
    const always = [
      ['description', service, 'Answers signed questions of the security team about this host.'],
      ['failure', service, 'reset=', '86400', 'actions=', 'restart/5000/restart/5000/restart/5000'],
      ['start', service],
    ];
    const display = ['DisplayName=', 'MIG agent (production)'];
    const create = ['create', service, 'binPath=', `"${executable}" service`, 'start=', 'auto', ...display];
    assert.deepEqual(toServiceCommands(environment, true), [create, ...always]);
    assert.deepEqual(toServiceCommands(environment, false), always);
  });

  for (const [language, typeWord, stateWord, state, expected] of [
    ['English', 'TYPE', 'STATE', '4  RUNNING ', { code: 4, name: 'RUNNING' }],
    ['German', 'TYP', 'STATUS', '1  STOPPED', { code: 1, name: 'STOPPED' }],
  ] as const)
    test(`tells a state in ${language}`, () => {
      const printed = [
        '',
        'SERVICE_NAME: mig-agent-production ',
        `        ${typeWord}               : 10  WIN32_OWN_PROCESS  `,
        `        ${stateWord}              : ${state}`,
        '                                (STOPPABLE, NOT_PAUSABLE, ACCEPTS_SHUTDOWN)',
        '        WIN32_EXIT_CODE    : 0  (0x0)',
        '',
      ].join('\r\n');
      assert.deepEqual(parseServiceState(printed), expected);
    });

  test('has no such service', () => {
    const printed =
      '[SC] EnumQueryServicesStatus:OpenService FAILED 1060:\r\n\r\nThe specified service does not exist.\r\n';
    assert.equal(parseServiceState(printed), null);
  });
});
