/** Names that are written into clusters: they must be the same for as long as a cluster lives. */

/** Label of a node: the group that it belongs to, in the spelling that clients of EKS know. */
export const nodegroupLabel = 'eks.amazonaws.com/nodegroup';

/** Annotation of a node that we cordoned; one without it was cordoned by its owner and stays so. */
export const cordonedByAnnotation = 'clusterlift.io/cordoned-by';

/** Group of users who may look at everything but secrets. Faces put callers into it. */
export const viewersGroup = 'clusterlift:viewers';
