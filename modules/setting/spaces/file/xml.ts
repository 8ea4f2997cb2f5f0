/** XML files: `configuration.security.password[1]`, and `server.@port` for an attribute. */
import type { DocumentValue, SettingDocument } from './document.ts';
import type { Step } from './path-expression.ts';
import { parseXml, type XmlElement } from './xml-tree.ts';

/** Without its namespace's prefix, unless the step has one. */
function isNamed({ name }: XmlElement, step: string): boolean {
  return name === step || name.slice(name.indexOf(':') + 1) === step;
}

class XmlDocument implements SettingDocument {
  readonly entries: number;
  readonly #root: XmlElement;

  constructor(root: XmlElement) {
    this.#root = root;
    this.entries = root.children.length;
  }

  find(steps: readonly Step[]): DocumentValue | undefined {
    let found: readonly XmlElement[] = [{ name: '', attributes: new Map(), children: [this.#root], text: '' }];
    for (const [index, step] of steps.entries()) {
      if (typeof step === 'number') found = found.slice(step, step + 1);
      else if (step.startsWith('@') && index === steps.length - 1) {
        const values = found.flatMap(({ attributes }) => attributes.get(step.slice(1)) ?? []);
        return toValue(values);
      } else found = found.flatMap(({ children }) => children.filter((child) => isNamed(child, step)));
    }
    return toValue(found.map(({ text }) => text.trim()));
  }
}

function toValue(values: readonly string[]): DocumentValue | undefined {
  const [first] = values;
  if (first === undefined) return undefined;
  return { value: values.length === 1 ? first : values };
}

/** @throws CodedError<UnreadableCode> */
export function parseXmlDocument(text: string): SettingDocument {
  return new XmlDocument(parseXml(text));
}
