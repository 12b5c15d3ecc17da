import type { Endpoint } from './endpoint.ts';
import { publicDocument } from './public-document.ts';

/** What {@link createResourceMetadataEndpoint} describes. */
export interface ResourceMetadataOptions {
  readonly issuer: string;
  readonly audience: string;
  readonly scopes: readonly string[];
}

/** What the gateway says about itself as a protected resource (RFC 9728 §2): where its tokens come from. */
export function createResourceMetadataEndpoint({ issuer, audience, scopes }: ResourceMetadataOptions): Endpoint {
  const document = {
    resource: audience,
    authorization_servers: [issuer],
    scopes_supported: scopes,
    bearer_methods_supported: ['header'],
  };
  return publicDocument(() => document);
}
