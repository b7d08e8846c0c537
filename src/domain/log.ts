/** Where a component writes what it does, details first. Never a secret among the details. */
export interface Log {
  debug(details: object, says: string): void;
  info(details: object, says: string): void;
  warn(details: object, says: string): void;
  error(details: object, says: string): void;
}
