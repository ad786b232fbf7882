// Names that the configuration and the stories share.

/** A host name that leads to the server but is not localhost: there a browser offers no Clipboard API over http. */
export const PLAIN_HTTP_NAME = "countersign.test";
