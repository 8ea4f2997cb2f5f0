/** Parameters that the original's `-z` packed: gzip in base64. Unpacked, so that people can review them. */
import { gunzipSync } from 'node:zlib';
import { type ObjectNode, parse, type ValueNode } from '@humanwhocodes/momoa';
import { type JsonBounds, parseJson } from '../../../protocol/base/strict-json.ts';
import { type Complaint, findMember, findValue, placeOf } from './json-source.ts';

/** All parts stand where the whole does. */
function moveTo(node: ValueNode, loc: ValueNode['loc']): void {
  node.loc = loc;
  if (node.type === 'Array') for (const { value } of node.elements) moveTo(value, loc);
  if (node.type !== 'Object') return;
  for (const member of node.members) {
    member.loc = loc;
    member.name.loc = loc;
    moveTo(member.value, loc);
  }
}

/** Null when it is nothing that the original packed. */
function unpack(packed: string, bounds: JsonBounds): ValueNode | null {
  try {
    const bytes = gunzipSync(Buffer.from(packed, 'base64'), { maxOutputLength: bounds.maxBytes });
    parseJson(bytes, bounds);
    return parse(bytes.toString('utf8')).body;
  } catch {
    return null;
  }
}

/** Changes the tree in place. @returns what could not be unpacked. */
export function unpackParameters(root: ObjectNode, bounds: JsonBounds): Complaint[] {
  const operations = findValue(root, ['operations']);
  if (operations?.type !== 'Array') return [];
  return operations.elements.flatMap(({ value: operation }, index): Complaint[] => {
    const flag = findMember(operation, 'is_compressed');
    const parameters = findMember(operation, 'parameters');
    if (flag?.value.type !== 'Boolean' || !flag.value.value || parameters?.value.type !== 'String') return [];
    const unpacked = unpack(parameters.value.value, bounds);
    if (unpacked === null) {
      const message = `expected parameters that mig -z packed, JSON of at most ${bounds.maxBytes} bytes as gzip in base64`;
      return [
        {
          place: placeOf(root, ['operations', index, 'parameters']),
          field: `operations[${index}].parameters`,
          message,
        },
      ];
    }
    moveTo(unpacked, parameters.value.loc);
    parameters.value = unpacked;
    flag.value.value = false;
    return [];
  });
}
