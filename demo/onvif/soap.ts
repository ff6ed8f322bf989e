/** What a camera understands of a SOAP request. */
export interface SoapRequest {
  /** Local name of the body's first element, e.g. `GetProfiles`. */
  readonly operation: string;
  /** Text of the first element of that local name in the body. */
  text(name: string): string | undefined;
  readonly token: UsernameToken | undefined;
}

/** WS-Security UsernameToken with a password digest. */
export interface UsernameToken {
  readonly username: string;
  readonly digest: string;
  readonly nonce: string;
  readonly created: string;
}

/**
 * Reads the few elements that a camera needs. No XML parser: what is not written plainly is not understood,
 * and nothing a client sends can make it work hard.
 */
export function readSoap(xml: string): SoapRequest | undefined {
  const body = /<(?:[\w-]+:)?Body[^>]*>([\s\S]*)<\/(?:[\w-]+:)?Body>/.exec(xml)?.[1];
  const operation = body && /<(?:[\w-]+:)?(\w+)/.exec(body)?.[1];
  if (!body || !operation) return undefined;
  const element = (text: string, name: string) => {
    const found = new RegExp(`<(?:[\\w-]+:)?${name}(?:\\s[^>]*)?>([^<]*)</`).exec(text)?.[1];
    return found === undefined ? undefined : decode(found.trim());
  };
  const [username, digest] = [element(xml, 'Username'), element(xml, 'Password')];
  const [nonce, created] = [element(xml, 'Nonce'), element(xml, 'Created')];
  const token =
    username !== undefined && digest !== undefined && nonce !== undefined && created !== undefined
      ? { username, digest, nonce, created }
      : undefined;
  return { operation, text: (name) => element(body, name), token };
}

export function envelope(body: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?><s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope" xmlns:tds="http://www.onvif.org/ver10/device/wsdl" xmlns:trt="http://www.onvif.org/ver10/media/wsdl" xmlns:tt="http://www.onvif.org/ver10/schema" xmlns:ter="http://www.onvif.org/ver10/error"><s:Body>${body}</s:Body></s:Envelope>`;
}

/** A SOAP fault with an ONVIF subcode such as `ter:NotAuthorized`. */
export function fault(code: 'Sender' | 'Receiver', subcode: string, reason: string): string {
  return envelope(
    `<s:Fault><s:Code><s:Value>s:${code}</s:Value><s:Subcode><s:Value>${subcode}</s:Value></s:Subcode></s:Code><s:Reason><s:Text xml:lang="en">${reason}</s:Text></s:Reason></s:Fault>`,
  );
}

export const escapeXml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

const decode = (text: string) =>
  text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&apos;', "'")
    .replaceAll('&amp;', '&');
