/** What a correct reply is. */
export interface ExpectedReply {
  /** Throws where a body is not right. */
  check(body: string): void;
  /** No right body has fewer bytes. */
  readonly least: number;
}

/** Exactly this body, in ASCII. */
export const exactly = (expected: string): ExpectedReply => ({
  check(body) {
    if (body !== expected)
      throw new Error(`answers the wrong body (${body.length} characters, not ${expected.length})`);
  },
  least: expected.length,
});
