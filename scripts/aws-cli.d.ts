export const awsCliVersion: string;
/** Folders that may hold it beside those in PATH. */
export function awsCliFolders(): readonly string[];
/** Null, or why it could not be installed. */
export function installAwsCli(): string | null;
