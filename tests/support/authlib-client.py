"""An application in another language: gets a token with Authlib, calls the API, and refreshes.

Prints the address to visit, reads the address that the browser was sent to, and prints what happened as JSON.
"""

import json
import sys

from authlib.common.security import generate_token
from authlib.integrations.requests_client import OAuth2Session

issuer, redirect_uri = sys.argv[1:]
session = OAuth2Session(
    "app",
    token_endpoint_auth_method="none",
    scope="read",
    redirect_uri=redirect_uri,
    code_challenge_method="S256",
)
metadata = session.get(issuer + "/.well-known/oauth-authorization-server", withhold_token=True).json()
verifier = generate_token(48)
url, state = session.create_authorization_url(metadata["authorization_endpoint"], code_verifier=verifier)
print(url, flush=True)

first = session.fetch_token(
    metadata["token_endpoint"],
    authorization_response=sys.stdin.readline().strip(),
    state=state,
    code_verifier=verifier,
)
before = session.get(issuer + "/things").status_code
second = session.refresh_token(metadata["token_endpoint"], refresh_token=first["refresh_token"])
after = session.get(issuer + "/things").status_code
print(json.dumps({"first": first, "second": second, "statuses": [before, after]}), flush=True)
