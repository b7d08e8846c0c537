/**
 * server: configuration, composition and listening. The only place that names concrete engines, hosts, faces and the
 * database.
 * It does not know: any rule of an upgrade, any shape on the wire.
 */
export { type Config, readConfig } from './config.ts';
export { main } from './main.ts';
