/** A certificate that the caller has shown in the TLS handshake, verified against the configured authorities. */
export interface CallerCertificate {
  /** The subject in the form of RFC 4514, the most specific part first, such as `CN=orders,O=Acme`. */
  readonly subject: string;
  /** SHA-256 over the certificate: no other one has it. */
  readonly fingerprint: string;
  /** The whole certificate as `Client-Cert` carries it (RFC 9440 §2.1): base64 of its DER form between colons. */
  readonly field: string;
}
