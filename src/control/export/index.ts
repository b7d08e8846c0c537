/**
 * What was seen of a cluster as a document that may leave the house: without secrets, and without names where that is
 * asked for.
 * It does not know: who asks, where the document goes, how a cluster is looked at.
 */
export { clusterOfExported, exportedFrom } from './exported.ts';
