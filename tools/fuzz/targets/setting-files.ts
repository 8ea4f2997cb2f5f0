/** The parsers of structured files that a question names: whoever owns the endpoint wrote them. */
import assert from 'node:assert/strict';
import { type SettingDocument, toUnreadable } from '../../../modules/setting/spaces/file/document.ts';
import type { Format } from '../../../modules/setting/spaces/file/key.ts';
import { parseSettingFile } from '../../../modules/setting/spaces/file/parse.ts';
import { parsePathExpression } from '../../../modules/setting/spaces/file/path-expression.ts';
import { parsePlist } from '../../../modules/setting/spaces/plist/plist.ts';
import { type FuzzTarget, toSeeds } from '../target.ts';

const paths = ['a', 'a.b', 'a.b[0]', "a['b.c']", 's.a', 'l[1].c', 'r.a.@b', '[0]'].map(
  (text) => parsePathExpression(text) ?? [],
);

/** Whether it was parsed; refusals have a reason that a receipt knows. */
function look(parse: () => SettingDocument): boolean {
  try {
    const document = parse();
    assert.ok(document.entries >= 0);
    for (const path of paths) {
      const found = document.find(path);
      if (found?.line !== undefined) assert.ok(found.line > 0);
    }
    return true;
  } catch (error) {
    if (toUnreadable(error) === undefined) throw error;
    return false;
  }
}

const seeds: Readonly<Record<Format, readonly [string, ...string[]]>> = {
  ini: ['[s]\na = 1\n; c\nb: "2"\n[t.u]\nc\n'],
  shell: ['export a="b c" # d\nb=\'x\'y\\ z\nc=$(d)\n'],
  properties: ['a.b = c\\\n  d\ne\\ f:\\u0041\n! g\n'],
  json: ['{"a": {"b": [1, {"c": null}], "b.c": true}, "d": 1e5}', '[[["x"]]]'],
  yaml: [
    'a: &x\n  b: [1, two, {c: x}]\n  "b.c": |\n    text\nl:\n  - *x\n  - <<: *x\n    c: 1\n---\n? q\n: !!int "3"\n',
    'a: >-\n  folded\n# c\nb: {d, e: f}\n',
  ],
  toml: ['a.b = 1\n[s]\na = """x"""\nd = 1979-05-27T07:32:00Z\n[[l]]\nc = [1, {e = 0x1f}]\n[[l]]\nc = inf\n'],
  xml: ['<?xml version="1.0"?><r><!-- c --><a b="1">x&lt;</a><a b=\'2\'/><![CDATA[y]]></r>'],
};

const formatTargets = (Object.entries(seeds) as [Format, readonly [string, ...string[]]][]).map(
  ([format, texts]): FuzzTarget => ({
    name: `setting-${format}`,
    side: 'agent',
    holds: 'a value is found or not, or the file is refused with a reason',
    prepare: async () => ({
      seeds: toSeeds(...texts),
      take: (input) => look(() => parseSettingFile(format, input)),
    }),
  }),
);

/** `{a: {b: [1, true]}}` as plistlib writes it. */
const binary = Buffer.from(
  [
    '62706c6973743030d101025161d103045162a20506100109080b0d10121517000000000000010100000000000000070000000000000000',
    '0000000000000018',
  ].join(''),
  'hex',
);

const plist: FuzzTarget = {
  name: 'setting-plist',
  side: 'agent',
  holds: 'a value is found or not, or the file is refused with a reason',
  prepare: async () => ({
    seeds: [
      Buffer.from(
        '<plist><dict><key>a</key><array><integer>1</integer><data>AA==</data><true/></array></dict></plist>',
      ),
      binary,
    ],
    take: (input) => look(() => parsePlist(input)),
  }),
};

export const settingFileTargets: readonly FuzzTarget[] = [...formatTargets, plist];
