// Names shared by the configuration and the stories.

/** A host name of the server other than localhost: a browser offers no Clipboard API there over plain http. */
export const PLAIN_HTTP_NAME = "countersign.test";
