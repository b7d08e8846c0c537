/** A server that is killed and started again must find its port as it left it: outgoing connections get none of these. */
export { freePorts } from '../../src/hosts/process/loopback.ts';
