// Web Authentication (W3C, level 3) between the server's JSON and the browser's buffers. Browsers from 2025 on know the JSON
// forms by themselves; older ones, which offices have, do not.

const BASE64URL = { "-": "+", _: "/" } as const;

export function fromBase64url(text: string): Uint8Array<ArrayBuffer> {
  const plain = atob(text.replace(/[-_]/g, (sign) => BASE64URL[sign as "-" | "_"]));
  return Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
}

export function toBase64url(data: ArrayBuffer): string {
  const plain = btoa(String.fromCharCode(...new Uint8Array(data)));
  return plain.replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}

export const supported = (): boolean => "credentials" in navigator && "PublicKeyCredential" in window;

interface Descriptor {
  id: string;
  type: "public-key";
  transports?: AuthenticatorTransport[];
}
interface CreationAsked {
  challenge: string;
  user: { id: string; name: string; displayName: string };
  excludeCredentials?: Descriptor[];
}
interface RequestAsked {
  challenge: string;
  allowCredentials?: Descriptor[];
}
const opened = (list: Descriptor[] | undefined): PublicKeyCredentialDescriptor[] =>
  (list ?? []).map((one) => ({ ...one, id: fromBase64url(one.id) }));

/** The credential of a new key, as the server reads it. Rejects when the person or the browser did not want to. */
export async function create(options: unknown): Promise<object> {
  const { publicKey: asked } = (options as { creation_options: { publicKey: CreationAsked } }).creation_options;
  const publicKey = {
    ...asked,
    challenge: fromBase64url(asked.challenge),
    user: { ...asked.user, id: fromBase64url(asked.user.id) },
    excludeCredentials: opened(asked.excludeCredentials),
  } as unknown as PublicKeyCredentialCreationOptions;
  const made = (await navigator.credentials.create({ publicKey })) as PublicKeyCredential;
  const response = made.response as AuthenticatorAttestationResponse;
  return {
    ...about(made),
    response: {
      clientDataJSON: toBase64url(response.clientDataJSON),
      attestationObject: toBase64url(response.attestationObject),
      transports: response.getTransports?.() ?? [],
    },
  };
}

/** What a known key signed, as the server reads it. */
export async function get(options: unknown): Promise<object> {
  const { publicKey: asked } = (options as { request_options: { publicKey: RequestAsked } }).request_options;
  const publicKey = {
    ...asked,
    challenge: fromBase64url(asked.challenge),
    allowCredentials: opened(asked.allowCredentials),
  } as unknown as PublicKeyCredentialRequestOptions;
  const shown = (await navigator.credentials.get({ publicKey })) as PublicKeyCredential;
  const response = shown.response as AuthenticatorAssertionResponse;
  return {
    ...about(shown),
    response: {
      clientDataJSON: toBase64url(response.clientDataJSON),
      authenticatorData: toBase64url(response.authenticatorData),
      signature: toBase64url(response.signature),
      userHandle: response.userHandle ? toBase64url(response.userHandle) : null,
    },
  };
}

function about(credential: PublicKeyCredential): object {
  return {
    id: credential.id,
    rawId: toBase64url(credential.rawId),
    type: credential.type,
    authenticatorAttachment: credential.authenticatorAttachment,
    clientExtensionResults: credential.getClientExtensionResults(),
  };
}
