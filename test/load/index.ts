/**
 * A client that reads and writes all the time, as an application of a careful owner does, and proves at the end that
 * nothing was lost. The demo, the tests on real clusters and the benches all use this one.
 *
 * It does not know: Clusterlift. It sees the REST addresses of Elasticsearch nodes, of versions 5.5 to 9, and nothing else.
 */
export { type BulkOptions, bulkLoad } from './bulk.ts';
export { type Comparison, compareDocuments } from './compare.ts';
export { Documents } from './documents.ts';
export { type Figures, figuresOf, type Sample } from './figures.ts';
export { LoadClient, type LoadOptions } from './load-client.ts';
export { createIndex, documentPath, type IndexShape } from './paths.ts';
export { recreateIndex } from './recreate.ts';
export { type Answer, Transport, type TransportOptions } from './transport.ts';
