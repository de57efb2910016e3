/** Something that is given back at the end; wide enough for the editor's own and for ours. */
export interface Disposable {
  dispose(): unknown;
}
