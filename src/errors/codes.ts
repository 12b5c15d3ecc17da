/** Every way a request can end in the gateway itself: stable code → status and what the caller reads. */
export const errorCodes = {
  GW_BAD_REQUEST: { status: 400, detail: 'The request is malformed.' },
  GW_BAD_TARGET: { status: 400, detail: 'The request target can be read in more than one way, so it is refused.' },
  GW_BAD_HOST: { status: 400, detail: 'The request needs exactly one valid Host.' },
  GW_BAD_CREDENTIALS: { status: 400, detail: 'Send one access token, in one Authorization header.' },
  GW_REQUEST_INVALID: { status: 400, detail: 'The request is not what this resource expects: see errors.' },
  GW_TOKEN_MISSING: { status: 401, detail: 'This resource needs an access token.' },
  GW_TOKEN_INVALID: { status: 401, detail: 'The access token is malformed, expired, revoked or not for this gateway.' },
  GW_SCOPE_INSUFFICIENT: { status: 403, detail: 'The access token lacks a scope that this resource needs.' },
  GW_FORBIDDEN: { status: 403, detail: 'The access rule of this resource does not admit this caller.' },
  GW_ORIGIN_REFUSED: { status: 403, detail: 'Pages of this origin may not use this resource.' },
  GW_HTTPS_REQUIRED: {
    status: 403,
    detail: 'Use https. Whatever secrets this request carried came in the clear: replace them.',
  },
  GW_NO_ROUTE: { status: 404, detail: 'No route matches this request.' },
  GW_METHOD_NOT_ALLOWED: { status: 405, detail: 'This resource does not support this method.' },
  GW_REQUEST_TIMEOUT: { status: 408, detail: 'The request took too long to arrive.' },
  GW_BODY_TOO_LARGE: { status: 413, detail: 'The request body is larger than this resource accepts.' },
  GW_TARGET_TOO_LONG: { status: 414, detail: 'The request target is too long.' },
  GW_MEDIA_TYPE_UNSUPPORTED: {
    status: 415,
    detail: 'This resource does not read a body of this media type or coding: see Accept or Accept-Encoding.',
  },
  GW_EXPECTATION_FAILED: { status: 417, detail: 'The only supported expectation is 100-continue.' },
  GW_UPGRADE_REQUIRED: { status: 426, detail: 'WebSockets are spoken in version 13 (RFC 6455) here.' },
  GW_RATE_LIMITED: { status: 429, detail: 'Too many requests: try again after the time in Retry-After.' },
  GW_HEAD_TOO_LARGE: { status: 431, detail: 'The request header is too large.' },
  GW_INTERNAL: { status: 500, detail: 'The gateway failed. The request id finds the reason in its log.' },
  GW_NOT_IMPLEMENTED: { status: 501, detail: 'The gateway does not implement what this request asks for.' },
  GW_UPSTREAM_FAILED: { status: 502, detail: 'The service broke off before it answered.' },
  GW_UPSTREAM_INVALID: { status: 502, detail: 'The service gave an answer that is not valid HTTP.' },
  GW_TRANSFORM_FAILED: { status: 502, detail: 'The answer of the service could not be brought into its public form.' },
  GW_SERVICE_UNAVAILABLE: { status: 503, detail: 'No instance of the service can be reached right now.' },
  GW_TOO_MANY_TUNNELS: { status: 503, detail: 'No further WebSocket can be opened right now.' },
  GW_ISSUER_UNAVAILABLE: {
    status: 503,
    detail: 'The keys of the issuer of this access token cannot be fetched right now.',
  },
  GW_UPSTREAM_TIMEOUT: { status: 504, detail: 'The service did not answer in time.' },
  GW_VERSION_NOT_SUPPORTED: { status: 505, detail: 'The gateway speaks HTTP/1.1 and HTTP/1.0.' },
  GW_LOOP: { status: 508, detail: 'This request has passed this gateway before: the configuration has a loop.' },
} as const satisfies Record<string, { status: number; detail: string }>;

/** A stable name for one kind of failure. */
export type ErrorCode = keyof typeof errorCodes;
