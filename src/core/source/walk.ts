import ts from 'typescript';

/**
 * Calls `visit` with a node and all below it, in source order. What `visit` answers with false is not gone into.
 * With a stack of its own: a source may be nested deeper than JavaScript's reaches.
 */
export function walk(root: ts.Node, visit: (node: ts.Node) => boolean): void {
  const open: ts.Node[] = [root];
  const children: ts.Node[] = [];
  const collect = (child: ts.Node): void => {
    children.push(child);
  };
  for (let node = open.pop(); node; node = open.pop()) {
    if (!visit(node)) continue;
    ts.forEachChild(node, collect);
    for (let child = children.pop(); child; child = children.pop()) open.push(child);
  }
}
