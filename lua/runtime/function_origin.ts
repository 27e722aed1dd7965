/** What an error or a suspension in compiled code is told by; see compiler/prototype.ts. */

export interface FunctionOrigin {
  /** The name that positions begin with, such as `user_script`. */
  readonly chunkName: string;
}
