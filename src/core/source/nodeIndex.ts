import type ts from 'typescript';

/** Where a node is in a list of nodes in source order; -1 when it is not in it. A list may be very long. */
export function indexIn(nodes: readonly ts.Node[], node: ts.Node): number {
  let [from, to] = [0, nodes.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if ((nodes[middle]?.pos ?? 0) < node.pos) from = middle + 1;
    else to = middle;
  }
  return nodes[from] === node ? from : nodes.indexOf(node, from);
}
