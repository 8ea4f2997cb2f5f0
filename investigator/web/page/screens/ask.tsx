/** Asking: a form and the line of `mig`, each made of the other; whom it reaches; and the launch, which the process counts down. */
import { useEffect, useRef, useState } from 'preact/hooks';
import type { Composed, ModuleForm, QuestionForm } from '../../messages.ts';
import { address, change } from '../address.ts';
import { LaunchDialog } from '../parts/launch-dialog.tsx';
import { QuestionFields } from '../parts/question-fields.tsx';
import { ReachPicture } from '../parts/reach-picture.tsx';
import { Trouble } from '../parts/trouble.tsx';
import { useAnswer } from '../parts/use-answer.ts';
import { ask } from '../process.ts';

const pauseMs = 150;
const firstLine = 'mig file';

/** The latest question that was sent to the process wins; answers to earlier ones are dropped. */
function useComposed(): readonly [Composed | undefined, (given: QuestionForm | string) => void] {
  const [composed, setComposed] = useState<Composed>();
  const asked = useRef(0);
  const timer = useRef(0);
  const give = (given: QuestionForm | string): void => {
    clearTimeout(timer.current);
    asked.current += 1;
    const number = asked.current;
    if (typeof given !== 'string') setComposed((before) => before && { ...before, form: given });
    else setComposed((before) => before && { ...before, line: given });
    timer.current = setTimeout(async () => {
      const answer = await ask<Composed>('/api/compose', typeof given === 'string' ? { line: given } : given);
      if (number !== asked.current) return;
      setComposed(answer);
      change({ line: answer.line });
    }, pauseMs);
  };
  useEffect(() => {
    ask<Composed>('/api/compose', { line: address.peek().values.line ?? firstLine }).then(setComposed);
  }, []);
  return [composed, give];
}

export function AskScreen() {
  const modules = useAnswer<readonly ModuleForm[]>('/api/modules', {});
  const [composed, give] = useComposed();
  const [isLaunching, setLaunching] = useState(false);
  if (modules.kind === 'failed') return <Trouble error={modules.error} />;
  if (modules.kind === 'waiting' || composed === undefined) return <p class="quiet">reading the modules …</p>;
  const { line, form, problem, words, faults, advice, file } = composed;
  const module = modules.value.find(({ name }) => name === form?.module);
  const mayLaunch = problem === null && faults.length === 0;
  return (
    <section class="ask">
      <h1>Ask</h1>
      <label class="line">
        Command line
        <textarea rows={2} spellcheck={false} value={line} onInput={(event) => give(event.currentTarget.value)} />
      </label>
      <div class="tools">
        <button class="main" type="button" disabled={!mayLaunch} onClick={() => setLaunching(true)}>
          Launch …
        </button>
        <span role="status">
          {problem === null ? words.join('; ') : problem.message}
          {problem?.hint === null || problem === null ? '' : ` (${problem.hint})`}
        </span>
      </div>
      {[...faults.map((text) => ['fault', text]), ...advice.map((text) => ['note', text])].map(([kind, text]) => (
        <p key={text} class="trouble">
          {kind === 'fault' ? '' : 'Note: '}
          {text}
        </p>
      ))}
      <div class="columns">
        <QuestionFields modules={modules.value} module={module} form={form} onChange={give} />
        <div>
          <ReachPicture target={form?.target === undefined || form.target === '' ? 'online' : form.target} />
          <details>
            <summary>as an action file</summary>
            <pre>{file}</pre>
          </details>
        </div>
      </div>
      {isLaunching ? <LaunchDialog line={line} onClose={() => setLaunching(false)} /> : null}
    </section>
  );
}
