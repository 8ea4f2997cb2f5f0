/** All commands that are no module; each is loaded when it is called, so that none slows down the others. */
import type { Flag } from '../../modules/kit/flag.ts';
import type { ExitCode } from '../cli/exit-codes.ts';
import type { CommandContext } from './context.ts';

interface Example {
  readonly command: string;
  readonly says: string;
}

interface LoadedCommand {
  readonly flags: readonly Flag[];
  readonly run: (argv: readonly string[], context: CommandContext) => Promise<ExitCode>;
}

export interface Command {
  readonly usage: string;
  readonly summary: string;
  readonly examples: readonly Example[];
  readonly load: () => Promise<LoadedCommand>;
}

const table: Readonly<Record<string, Command>> = {
  run: {
    usage: 'mig run FILE [flags]',
    summary: 'Runs an action file; mig -i FILE does the same.',
    examples: [
      { command: 'mig run question.json -dry-run', says: 'says what would be asked, and of how many agents.' },
      {
        command: 'mig run question.json -t "name LIKE \'web%\'" -e 1h',
        says: 'asks other agents than the file says, for an hour.',
      },
    ],
    load: async () => {
      const { runFlags, run } = await import('./run.ts');
      return { flags: runFlags, run };
    },
  },
  new: {
    usage: 'mig new [FILE]',
    summary: 'Composes an action file step by step.',
    examples: [{ command: 'mig new question.json', says: 'asks step by step, and writes the file.' }],
    load: async () => {
      const { newFlags, newFile } = await import('./new.ts');
      return { flags: newFlags, run: newFile };
    },
  },
  console: {
    usage: 'mig console',
    summary: 'Opens a prompt for commands, without mig in front; each is answered at once.',
    examples: [
      { command: 'mig console', says: 'asks on the terminal, with a history and completion.' },
      { command: 'mig console < questions.txt', says: 'runs the lines of a file, by one process.' },
    ],
    load: async () => {
      const { consoleFlags, runConsole } = await import('./console.ts');
      return { flags: consoleFlags, run: (argv, context) => runConsole(commands, argv, context) };
    },
  },
  web: {
    usage: 'mig web',
    summary: 'Serves a page for a browser of this machine: follow, findings, who is silent; keys stay in this process.',
    examples: [{ command: 'mig web', says: 'prints a link that is good once, and serves the page until Ctrl-C.' }],
    load: async () => {
      const { webFlags, web } = await import('./web.ts');
      return { flags: webFlags, run: web };
    },
  },
  agents: {
    usage: 'mig agents [flags]',
    summary: 'Lists the agents.',
    examples: [
      {
        command: "mig agents -t \"status = 'online' AND tags->>'team' = 'web'\"",
        says: 'lists the web servers that are there now.',
      },
    ],
    load: async () => {
      const { agentsFlags, agents } = await import('./agents.ts');
      return { flags: agentsFlags, run: agents };
    },
  },
  actions: {
    usage: 'mig actions [flags]',
    summary: 'Lists the actions.',
    examples: [
      {
        command: 'mig actions -name log4j -investigator alice -since 2d',
        says: 'lists what Alice asked about Log4j since the day before yesterday.',
      },
    ],
    load: async () => {
      const { actionsFlags, actions } = await import('./actions.ts');
      return { flags: actionsFlags, run: actions };
    },
  },
  show: {
    usage: 'mig show ID [flags]',
    summary: 'Prints the answers of an action that you signed, late ones included.',
    examples: [
      { command: 'mig show ID -show all -f html > ticket.html', says: 'writes the page for the incident ticket.' },
    ],
    load: async () => {
      const { showFlags, show } = await import('./show.ts');
      return { flags: showFlags, run: show };
    },
  },
  follow: {
    usage: 'mig follow ID [flags]',
    summary: 'Follows an action that you signed, until its end.',
    examples: [{ command: 'mig follow ID', says: 'goes on where Ctrl-C or a closed laptop left off.' }],
    load: async () => {
      const { followFlags, followAction } = await import('./show.ts');
      return { flags: followFlags, run: followAction };
    },
  },
  cancel: {
    usage: 'mig cancel ID',
    summary: 'Stops an action that you asked or signed.',
    examples: [{ command: 'mig cancel ID', says: 'stops what turned out to be too expensive, or wrong.' }],
    load: async () => {
      const { cancelFlags, cancel } = await import('./cancel.ts');
      return { flags: cancelFlags, run: cancel };
    },
  },
  sign: {
    usage: 'mig sign FILE [flags]',
    summary: 'Signs an action file, or adds your signature to a signed one.',
    examples: [
      {
        command: 'mig sign question.json -reader keys/bob.asc -o signed.json',
        says: 'signs, and lets Bob open the answers, too.',
      },
      {
        command: 'mig sign signed.json -o signed.json',
        says: 'adds the second signature, once you have read what is asked.',
      },
    ],
    load: async () => {
      const { signFlags, sign } = await import('./sign.ts');
      return { flags: signFlags, run: sign };
    },
  },
  verify: {
    usage: 'mig verify FILE|ID [flags]',
    summary: 'Verifies the signatures of an action, and whether their weights are enough.',
    examples: [
      {
        command: 'mig verify signed.json -with agent-config.json',
        says: 'says whose weights are missing for which module.',
      },
    ],
    load: async () => {
      const { verifyFlags, verify } = await import('./verify.ts');
      return { flags: verifyFlags, run: verify };
    },
  },
  propose: {
    usage: 'mig propose FILE [flags]',
    summary: 'Signs an action file, and leaves it at the relay as a proposal for others to sign.',
    examples: [
      {
        command: 'mig propose question.json -reader keys/bob.asc',
        says: 'lets Bob, who is to approve it, open the answers, too.',
      },
    ],
    load: async () => {
      const { proposeFlags, propose } = await import('./propose.ts');
      return { flags: proposeFlags, run: propose };
    },
  },
  proposals: {
    usage: 'mig proposals [flags]',
    summary: 'Lists the proposals: actions that wait at the relay for more signatures.',
    examples: [{ command: 'mig proposals', says: 'lists it, with who has signed.' }],
    load: async () => {
      const { proposalsFlags, proposals } = await import('./proposals.ts');
      return { flags: proposalsFlags, run: proposals };
    },
  },
  approve: {
    usage: 'mig approve ID [flags]',
    summary: 'Shows a proposal in full, and adds your signature.',
    examples: [{ command: 'mig approve ID', says: 'shows it in words and as JSON, then asks before it signs.' }],
    load: async () => {
      const { approveFlags, approve } = await import('./approve.ts');
      return { flags: approveFlags, run: approve };
    },
  },
  withdraw: {
    usage: 'mig withdraw ID',
    summary: 'Withdraws a proposal of yours.',
    examples: [
      { command: 'mig withdraw ID', says: 'takes it off the server, so that nobody approves or launches it.' },
    ],
    load: async () => {
      const { withdrawFlags, withdraw } = await import('./withdraw.ts');
      return { flags: withdrawFlags, run: withdraw };
    },
  },
  launch: {
    usage: 'mig launch FILE|ID [flags]',
    summary: 'Launches a proposal that enough people have signed, and follows it.',
    examples: [
      { command: 'mig launch ID', says: 'asks what was proposed and approved; so it goes with a signed file.' },
    ],
    load: async () => {
      const { launchFlags, launch } = await import('./launch.ts');
      return { flags: launchFlags, run: launch };
    },
  },
  export: {
    usage: 'mig export ID [flags]',
    summary: 'Writes an action with its signatures, keys and reports as one file: evidence.',
    examples: [
      { command: 'mig export ID -o case.json', says: 'keeps the evidence of an action that you signed.' },
      { command: 'mig verify case.json', says: 'checks it, years later and without any server.' },
    ],
    load: async () => {
      const { exportFlags, exportAction } = await import('./export.ts');
      return { flags: exportFlags, run: exportAction };
    },
  },
  witness: {
    usage: 'mig witness [flags] [ID]',
    summary: 'Checks that the relay hides no agent, heartbeat or log, and shows all the same.',
    examples: [
      { command: 'mig witness', says: 'holds what the relay shows against what it showed before.' },
      { command: 'mig witness ID', says: 'names those whom a question that still lasts fits and was not put to.' },
      { command: 'mig witness -save alice.json', says: 'writes down what the relay shows, for somebody else.' },
      { command: 'mig witness -compare alice.json', says: 'says where the relay showed alice something else.' },
    ],
    load: async () => {
      const { witnessFlags, witness } = await import('./witness.ts');
      return { flags: witnessFlags, run: witness };
    },
  },
  trust: {
    usage: 'mig trust new|sign|publish|show [FILE] [flags]',
    summary: 'Changes the trust list: whom agents obey, without building them anew.',
    examples: [
      {
        command: 'mig trust new -with config.json -remove bob -o trust.json',
        says: 'drafts a list without bob, whose keys are revoked for good.',
      },
      { command: 'mig trust sign trust.json', says: 'signs it with a root key; others do the same.' },
      { command: 'mig trust publish trust.json', says: 'gives it to the relay, which brings it to the agents.' },
      { command: 'mig trust show', says: 'says what is in force, and which agents go by it.' },
    ],
    load: async () => {
      const { trustFlags, trust } = await import('./trust.ts');
      return { flags: trustFlags, run: trust };
    },
  },
  config: {
    usage: 'mig config [flags]',
    summary: 'Checks settings, relay, clock and key, and names each problem.',
    examples: [
      {
        command: 'mig config -with agent-config.json',
        says: 'checks everything, and says what the agents let you ask.',
      },
    ],
    load: async () => {
      const { configFlags, config } = await import('./config.ts');
      return { flags: configFlags, run: config };
    },
  },
  drill: {
    usage: 'mig drill [flags]',
    summary: 'Tries every attack on a laboratory platform and says how each was noticed; in a checkout.',
    examples: [
      { command: 'mig drill', says: 'plays them all, and ends with 3 when one was not noticed.' },
      { command: 'mig drill -only replay', says: 'plays those that play actions again.' },
    ],
    load: async () => {
      const { drillFlags, drill } = await import('./drill.ts');
      return { flags: drillFlags, run: drill };
    },
  },
  completion: {
    usage: 'mig completion bash|zsh|fish',
    summary: 'Prints a script with which the shell completes commands and flags.',
    examples: [{ command: 'source <(mig completion bash)', says: 'completes in this shell.' }],
    load: async () => {
      const { completionFlags, completion } = await import('./completion.ts');
      return { flags: completionFlags, run: (argv, context) => completion(commands, argv, context) };
    },
  },
  man: {
    usage: 'mig man',
    summary: 'Prints the man page: mig man | man -l -',
    examples: [{ command: 'mig man | man -l -', says: 'shows the page.' }],
    load: async () => {
      const { manFlags, man } = await import('./man.ts');
      return { flags: manFlags, run: (argv, context) => man(commands, argv, context) };
    },
  },
};

/** Commands by name, in the order of help. */
export const commands: ReadonlyMap<string, Command> = new Map(Object.entries(table));
