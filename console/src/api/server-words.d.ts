/** The server's types speak of it where the console never looks; the rest of Node is not for a browser. */
declare type Buffer = Uint8Array;
