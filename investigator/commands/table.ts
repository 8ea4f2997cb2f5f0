/** All commands that are no module; each is loaded when it is called, so that none slows down the others. */
import type { Flag } from '../../modules/contract.ts';
import type { ExitCode } from '../exit-codes.ts';
import type { CommandContext } from './context.ts';

export interface LoadedCommand {
  readonly flags: readonly Flag[];
  readonly run: (argv: readonly string[], context: CommandContext) => Promise<ExitCode>;
}

export interface Command {
  readonly usage: string;
  readonly summary: string;
  readonly load: () => Promise<LoadedCommand>;
}

export const commands: ReadonlyMap<string, Command> = new Map<string, Command>([
  [
    'run',
    {
      usage: 'mig run FILE [flags]',
      summary: 'Asks what an action file says; mig -i FILE as well.',
      load: async () => {
        const { runFlags, run } = await import('./run.ts');
        return { flags: runFlags, run };
      },
    },
  ],
  [
    'new',
    {
      usage: 'mig new [FILE]',
      summary: 'Composes an action file step by step.',
      load: async () => {
        const { newFlags, newFile } = await import('./new.ts');
        return { flags: newFlags, run: newFile };
      },
    },
  ],
  [
    'agents',
    {
      usage: 'mig agents [flags]',
      summary: 'Lists the agents.',
      load: async () => {
        const { agentsFlags, agents } = await import('./agents.ts');
        return { flags: agentsFlags, run: agents };
      },
    },
  ],
  [
    'actions',
    {
      usage: 'mig actions [flags]',
      summary: 'Lists what was asked.',
      load: async () => {
        const { actionsFlags, actions } = await import('./actions.ts');
        return { flags: actionsFlags, run: actions };
      },
    },
  ],
  [
    'show',
    {
      usage: 'mig show ID [flags]',
      summary: 'Prints the answers of an action that you signed, late ones included.',
      load: async () => {
        const { showFlags, show } = await import('./show.ts');
        return { flags: showFlags, run: show };
      },
    },
  ],
  [
    'follow',
    {
      usage: 'mig follow ID [flags]',
      summary: 'Comes back to an action that you signed, until its end.',
      load: async () => {
        const { showFlags, followAction } = await import('./show.ts');
        return { flags: showFlags, run: followAction };
      },
    },
  ],
  [
    'cancel',
    {
      usage: 'mig cancel ID',
      summary: 'Stops an action that you asked or signed.',
      load: async () => {
        const { cancelFlags, cancel } = await import('./cancel.ts');
        return { flags: cancelFlags, run: cancel };
      },
    },
  ],
  [
    'sign',
    {
      usage: 'mig sign FILE [flags]',
      summary: 'Signs an action file, or adds your signature to a signed one.',
      load: async () => {
        const { signFlags, sign } = await import('./sign.ts');
        return { flags: signFlags, run: sign };
      },
    },
  ],
  [
    'verify',
    {
      usage: 'mig verify FILE [flags]',
      summary: 'Says who signed, and whether their weights are enough.',
      load: async () => {
        const { verifyFlags, verify } = await import('./verify.ts');
        return { flags: verifyFlags, run: verify };
      },
    },
  ],
  [
    'launch',
    {
      usage: 'mig launch FILE [flags]',
      summary: 'Asks what a signed file says, and follows it.',
      load: async () => {
        const { launchFlags, launch } = await import('./launch.ts');
        return { flags: launchFlags, run: launch };
      },
    },
  ],
  [
    'config',
    {
      usage: 'mig config [flags]',
      summary: 'Checks settings, server, clock and key, and says what is wrong.',
      load: async () => {
        const { configFlags, config } = await import('./config.ts');
        return { flags: configFlags, run: config };
      },
    },
  ],
  [
    'completion',
    {
      usage: 'mig completion bash|zsh|fish',
      summary: 'Prints a script with which the shell completes commands and flags.',
      load: async () => {
        const { completionFlags, completion } = await import('./completion.ts');
        return { flags: completionFlags, run: (argv, context) => completion(commands, argv, context) };
      },
    },
  ],
  [
    'man',
    {
      usage: 'mig man',
      summary: 'Prints the man page: mig man | man -l -',
      load: async () => {
        const { manFlags, man } = await import('./man.ts');
        return { flags: manFlags, run: (argv, context) => man(commands, argv, context) };
      },
    },
  ],
]);
