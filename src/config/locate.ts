import { type Document, isMap, isNode, isScalar, isSeq, type LineCounter, type Node, type Pair } from 'yaml';
import type { CrossFault } from './cross-check.ts';
import type { Fault } from './fault.ts';

/**
 * Says where in the file a fault is: an unknown key at the key, a missing key at the map that lacks it, anything
 * else at the value.
 */
export function createLocator(document: Document, lines: LineCounter, file: string) {
  return (fault: CrossFault): Fault => {
    let node: Node | null = document.contents as Node | null;
    let offset = node?.range?.[0] ?? 0;
    for (const [depth, step] of fault.path.entries()) {
      if (isMap(node)) {
        const pair: Pair | undefined = node.items.find(
          (item) => isScalar(item.key) && String(item.key.value) === String(step),
        );
        if (!pair) break;
        const keyOffset = isNode(pair.key) ? pair.key.range?.[0] : undefined;
        node = isNode(pair.value) ? pair.value : null;
        const atKey = fault.kind === 'unknown_key' && depth === fault.path.length - 1;
        offset = (atKey ? keyOffset : (node?.range?.[0] ?? keyOffset)) ?? offset;
      } else if (isSeq(node)) {
        const item: unknown = node.items[Number(step)];
        node = isNode(item) ? item : null;
        offset = node?.range?.[0] ?? offset;
      } else break;
    }
    const { line, col } = lines.linePos(offset);
    return { file, line, column: col, path: printPath(fault.path), kind: fault.kind, facts: fault.facts };
  };
}

const printPath = (path: readonly (string | number)[]): string =>
  path.reduce<string>(
    (printed, step) =>
      typeof step === 'number' ? `${printed}[${step}]` : printed === '' ? step : `${printed}.${step}`,
    '',
  );
