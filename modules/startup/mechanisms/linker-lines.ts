/** Lines of the dynamic linker's files, and of environments. @see ld.so(8), ldconfig(8), pam_env.conf(5) */

export interface LinkerLine {
  readonly line: number;
  /** A library or a folder. */
  readonly value: string;
  /** Of an environment. */
  readonly variable?: string;
  readonly isInclude?: boolean;
}

const variables =
  /^(?:export\s+)?(LD_PRELOAD|LD_AUDIT|LD_LIBRARY_PATH|GCONV_PATH)(?:\s*=\s*|\s+DEFAULT=|\s+OVERRIDE=)(.*)$/;

function* toLines(text: string): Generator<{ readonly line: number; readonly text: string }> {
  let line = 0;
  for (const whole of text.split('\n')) {
    line += 1;
    const comment = whole.indexOf('#');
    const kept = (comment === -1 ? whole : whole.slice(0, comment)).trim();
    if (kept !== '') yield { line, text: kept };
  }
}

/** Libraries between blanks and colons. */
export function* parsePreload(text: string): Generator<LinkerLine> {
  for (const { line, text: names } of toLines(text))
    for (const value of names.split(/[\s:]+/)) if (value !== '') yield { line, value };
}

/** Folders, also several in a line, and `include` of other files. */
export function* parseLinkerFolders(text: string): Generator<LinkerLine> {
  for (const { line, text: entry } of toLines(text)) {
    const [first = '', ...others] = entry.split(/[\s:,]+/);
    if (first === 'include') for (const value of others) yield { line, value, isInclude: true };
    // Libraries for a capability of the processor are in folders of their own.
    else if (first !== 'hwcap')
      for (const value of [first, ...others])
        if (value.startsWith('/')) yield { line, value: value.replace(/=.*$/, '') };
  }
}

/** Variables by which a library gets into programs. */
export function* parseLibraryVariables(text: string): Generator<LinkerLine> {
  for (const { line, text: entry } of toLines(text)) {
    const [, variable, value = ''] = variables.exec(entry) ?? [];
    if (variable === undefined) continue;
    const names = value.replaceAll(/["']|OVERRIDE=/g, '');
    for (const one of names.split(/[\s:]+/)) if (one !== '') yield { line, value: one, variable };
  }
}
