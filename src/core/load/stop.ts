/** Ends a generator where it stands: with its `finally` blocks when nobody wants more, without when it only waits. */
export class Stop extends Error {
  readonly isOver: boolean;

  constructor(isOver: boolean) {
    super();
    this.isOver = isOver;
  }
}
