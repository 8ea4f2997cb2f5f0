/** The form of a module, as its declaration has it: one field for each flag; lists take one value in each line. */
import type { FlagField, ModuleForm, QuestionForm } from '../../messages.ts';

interface FieldsProps {
  readonly modules: readonly ModuleForm[];
  readonly module: ModuleForm | undefined;
  /** Null when the line is none that a form could have. */
  readonly form: QuestionForm | null;
  readonly onChange: (form: QuestionForm | string) => void;
}

function FlagInput({
  flag,
  values,
  onChange,
}: {
  readonly flag: FlagField;
  readonly values: readonly string[];
  readonly onChange: (values: readonly string[]) => void;
}) {
  const id = `flag-${flag.name}`;
  const shared = { id, 'aria-describedby': `${id}-help` };
  if (flag.kind === 'boolean')
    return (
      <input
        {...shared}
        type="checkbox"
        checked={values[0] === 'true'}
        onChange={(event) => onChange(event.currentTarget.checked ? ['true'] : [])}
      />
    );
  const hint = flag.example.replace(/^-\S+ /, '').replace(/^(['"])(.*)\1$/, '$2');
  if (flag.isRepeatable)
    return (
      <textarea
        {...shared}
        rows={Math.min(8, Math.max(1, values.length))}
        spellcheck={false}
        placeholder={hint}
        value={values.join('\n')}
        onInput={(event) => {
          const text = event.currentTarget.value;
          onChange(text === '' ? [] : text.split('\n'));
        }}
      />
    );
  return (
    <input
      {...shared}
      type="text"
      inputmode={flag.kind === 'number' ? 'numeric' : 'text'}
      spellcheck={false}
      autocomplete="off"
      placeholder={hint}
      value={values[0] ?? ''}
      onInput={(event) => onChange(event.currentTarget.value === '' ? [] : [event.currentTarget.value])}
    />
  );
}

export function QuestionFields({ modules, module, form, onChange }: FieldsProps) {
  const set = (changes: Partial<QuestionForm>): void => {
    if (form !== null) onChange({ ...form, ...changes });
  };
  return (
    <fieldset class="fields" disabled={form === null}>
      <legend>Question</legend>
      <label for="module">module</label>
      <select
        id="module"
        value={module?.name ?? ''}
        onChange={(event) => set({ module: event.currentTarget.value, values: {} })}
      >
        {modules.map(({ name, summary }) => (
          <option key={name} value={name}>{`${name}: ${summary}`}</option>
        ))}
      </select>
      <label for="target">target</label>
      <input
        id="target"
        type="text"
        spellcheck={false}
        autocomplete="off"
        placeholder="online"
        value={form?.target ?? ''}
        onInput={(event) => set({ target: event.currentTarget.value })}
      />
      <label for="expiry">may take</label>
      <input
        id="expiry"
        type="text"
        spellcheck={false}
        autocomplete="off"
        placeholder="5m"
        value={form?.expiry ?? ''}
        onInput={(event) => set({ expiry: event.currentTarget.value })}
      />
      {module?.flags.map((flag) => (
        <div class="field" key={`${module.name} ${flag.name}`}>
          <label for={`flag-${flag.name}`}>{flag.name}</label>
          <FlagInput
            flag={flag}
            values={form?.values[flag.name] ?? []}
            onChange={(values) => {
              const { [flag.name]: _, ...others } = form?.values ?? {};
              set({ values: values.length === 0 ? others : { ...others, [flag.name]: values } });
            }}
          />
          <small id={`flag-${flag.name}-help`}>{flag.help}</small>
        </div>
      ))}
    </fieldset>
  );
}
