/** The real `mig` before a scripted relay, with one agent that looks at one file and finds nothing. */
import { countsOf } from '../investigator/commands/follow.ts';
import { ToyAgent } from '../investigator/testing/toy-agent.ts';
import { startToyPlatform, type ToyPlatform } from '../investigator/testing/toy-platform.ts';
import { emptyReceipt } from '../protocol/result/result.ts';

export class NothingFound {
  readonly platform: ToyPlatform;
  /** Whether actions go on for ever. */
  endless = false;

  private constructor(platform: ToyPlatform) {
    this.platform = platform;
    const { script } = platform.relay;
    script.answer = async (action, digest) => {
      const nothing = { success: true, foundanything: false, elements: { s1: [] }, statistics: {}, errors: [] };
      const receipt = { ...emptyReceipt(), examined: { files: 1 } };
      return [await new ToyAgent('web1').result(action, digest, [{ ...nothing, receipt }])];
    };
    script.override = (request, response) => {
      if (!this.endless || request.url?.endsWith('/events') !== true) return false;
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(`event: progress\ndata: ${JSON.stringify(countsOf('running', 1))}\n\n`);
      return true;
    };
  }

  static async start(): Promise<NothingFound> {
    return new NothingFound(await startToyPlatform());
  }

  /** Of `mig` on a terminal. */
  environment(): NodeJS.ProcessEnv {
    return { PATH: process.env.PATH, TERM: 'xterm', ...this.platform.environment };
  }
}
