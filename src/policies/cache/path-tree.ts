interface Node {
  readonly children: Map<string, Node>;
  readonly keys: Set<string>;
}

/** Cache keys by the path that they belong to, so that a path and all that lies below it can be found at once. */
export class PathTree {
  readonly #root: Node = createNode();

  add(path: string, key: string): void {
    let node = this.#root;
    for (const segment of segmentsOf(path)) {
      let child = node.children.get(segment);
      if (child === undefined) {
        child = createNode();
        node.children.set(segment, child);
      }
      node = child;
    }
    node.keys.add(key);
  }

  /** Forgets a key, and the branches that nothing is left on. */
  remove(path: string, key: string): void {
    const trail: [Node, string][] = [];
    let node = this.#root;
    for (const segment of segmentsOf(path)) {
      const child = node.children.get(segment);
      if (child === undefined) return;
      trail.push([node, segment]);
      node = child;
    }
    node.keys.delete(key);
    for (const [parent, segment] of trail.reverse()) {
      const child = parent.children.get(segment)!;
      if (child.keys.size > 0 || child.children.size > 0) return;
      parent.children.delete(segment);
    }
  }

  /** The keys at a path, and with `below` those of every path under it. */
  find(path: string, below: boolean): string[] {
    let node = this.#root;
    for (const segment of segmentsOf(path)) {
      const child = node.children.get(segment);
      if (child === undefined) return [];
      node = child;
    }
    return below ? [...keysOf(node)] : [...node.keys];
  }
}

const createNode = (): Node => ({ children: new Map(), keys: new Set() });

const segmentsOf = (path: string): string[] => path.slice(1).split('/');

function* keysOf(node: Node): Iterable<string> {
  yield* node.keys;
  for (const child of node.children.values()) yield* keysOf(child);
}
