export interface DependencyQuestion<Node, Answer> {
  /** Two nodes with the same key are the same question. */
  readonly keyOf: (node: Node) => string;
  /** The nodes whose answers this one needs. */
  readonly needs: (node: Node) => readonly Node[];
  /** `of` is undefined for a node in whose answer this one is needed: a circle. */
  readonly answer: (node: Node, of: (other: Node) => Answer | undefined) => Answer;
}

/**
 * Answers about instances that need the answers about their dependencies. Each is found once, however many
 * paths lead to it, and without recursion, however long a path is. The answers hold until something moves.
 */
export class DependencyAnswers<Node, Answer> {
  readonly #question: DependencyQuestion<Node, Answer>;
  readonly #known = new Map<string, Answer>();

  constructor(question: DependencyQuestion<Node, Answer>) {
    this.#question = question;
  }

  of(node: Node): Answer {
    const { keyOf, answer } = this.#question;
    const found = (each: Node): Answer | undefined => this.#known.get(keyOf(each));
    for (const each of this.#unansweredBefore(node)) this.#known.set(keyOf(each), answer(each, found));
    return this.#known.get(keyOf(node)) as Answer;
  }

  /** A node and all that it needs that have no answer yet, each after those that it needs. */
  #unansweredBefore(root: Node): readonly Node[] {
    const { keyOf, needs } = this.#question;
    const order: Node[] = [];
    const seen = new Set<string>();
    const path: { readonly node: Node; readonly rest: Iterator<Node> }[] = [];
    const enter = (node: Node): void => {
      const key = keyOf(node);
      if (seen.has(key) || this.#known.has(key)) return;
      seen.add(key);
      path.push({ node, rest: needs(node)[Symbol.iterator]() });
    };
    enter(root);
    for (let last = path.at(-1); last !== undefined; last = path.at(-1)) {
      const next = last.rest.next();
      if (next.done !== true) enter(next.value);
      else order.push((path.pop() as { readonly node: Node }).node);
    }
    return order;
  }
}
