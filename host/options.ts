/** Options of a program, read by Node's parseArgs, with refusals that say what was expected. */
import { type ParseArgsConfig, parseArgs } from 'node:util';
import { CodedError, toMessage } from '../protocol/base/coded-error.ts';
import { suggest } from '../protocol/base/suggest.ts';

type Options = NonNullable<ParseArgsConfig['options']>;

function listOptions(options: Options): string {
  const names = Object.keys(options).map((name) => `--${name}`);
  return names.length === 0 ? 'there are no options' : `the options are ${names.join(' ')}`;
}

function hintFor(option: string, options: Options, former: Readonly<Record<string, string>>): string {
  const instead = Object.hasOwn(former, option) ? former[option] : undefined;
  if (instead !== undefined) return instead;
  const near = suggest(option.replace(/^-+/, ''), Object.keys(options));
  return near === undefined ? listOptions(options) : `did you mean --${near}?`;
}

/** What Node refuses, in words; its own name an argument between single quotes. */
function toUsageError(cause: Error, options: Options, former: Readonly<Record<string, string>>): CodedError {
  const code = 'code' in cause ? cause.code : undefined;
  const [, named = ''] = /'([^']*)'/.exec(cause.message) ?? [];
  switch (code) {
    case 'ERR_PARSE_ARGS_UNKNOWN_OPTION': {
      const hint = hintFor(named, options, former);
      return new CodedError('usage', `expected a known option, got ${named}`, { cause, hint });
    }
    case 'ERR_PARSE_ARGS_UNEXPECTED_POSITIONAL':
      return new CodedError('usage', `expected only options, got "${named}"`, { cause, hint: listOptions(options) });
    case 'ERR_PARSE_ARGS_INVALID_OPTION_VALUE': {
      const [, option = named] = /(--[\w-]+)/.exec(named) ?? [];
      const wants = options[option.slice(2)]?.type === 'string' ? 'a value' : 'no value';
      return new CodedError('usage', `expected ${wants} after ${option}`, { cause, hint: listOptions(options) });
    }
    default:
      return new CodedError('usage', toMessage(cause), { cause });
  }
}

/**
 * Reads the arguments of this process unless `args` are given. The `--` that npm leaves in front is skipped.
 * @param former what stands in place of an option that users of the original know, by that option.
 * @throws CodedError usage
 */
export function parseOptions<Config extends ParseArgsConfig & { readonly options: Options }>(
  config: Config,
  former: Readonly<Record<string, string>> = {},
): ReturnType<typeof parseArgs<Config>> {
  const { args = process.argv.slice(2) } = config;
  try {
    return parseArgs<Config>({ ...config, args: args[0] === '--' ? args.slice(1) : args });
  } catch (cause) {
    if (cause instanceof Error) throw toUsageError(cause, config.options, former);
    throw cause;
  }
}
