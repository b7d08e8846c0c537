/** The rest of the API: each answers that it is not offered here. */
import type { Call, Operation } from './call.ts';
import { fail } from './errors.ts';
import type { Route } from './routes.ts';

const cluster = '/clusters/{name}';

const paths: Readonly<Record<string, string>> = {
  ActivateCertificateAuthority: `POST ${cluster}/certificate-authorities/{certificateAuthorityId}/activate`,
  AssociateAccessPolicy: `POST ${cluster}/access-entries/{principalArn}/access-policies`,
  AssociateEncryptionConfig: `POST ${cluster}/encryption-config/associate`,
  AssociateIdentityProviderConfig: `POST ${cluster}/identity-provider-configs/associate`,
  CreateAccessEntry: `POST ${cluster}/access-entries`,
  CreateAddon: `POST ${cluster}/addons`,
  CreateCapability: `POST ${cluster}/capabilities`,
  CreateCertificateAuthority: `POST ${cluster}/certificate-authorities`,
  CreateEksAnywhereSubscription: 'POST /eks-anywhere-subscriptions',
  CreateFargateProfile: `POST ${cluster}/fargate-profiles`,
  CreatePodIdentityAssociation: `POST ${cluster}/pod-identity-associations`,
  DeleteAccessEntry: `DELETE ${cluster}/access-entries/{principalArn}`,
  DeleteAddon: `DELETE ${cluster}/addons/{addonName}`,
  DeleteCapability: `DELETE ${cluster}/capabilities/{capabilityName}`,
  DeleteCertificateAuthority: `DELETE ${cluster}/certificate-authorities/{certificateAuthorityId}`,
  DeleteEksAnywhereSubscription: 'DELETE /eks-anywhere-subscriptions/{id}',
  DeleteFargateProfile: `DELETE ${cluster}/fargate-profiles/{fargateProfileName}`,
  DeletePodIdentityAssociation: `DELETE ${cluster}/pod-identity-associations/{associationId}`,
  DescribeAccessEntry: `GET ${cluster}/access-entries/{principalArn}`,
  DescribeAddon: `GET ${cluster}/addons/{addonName}`,
  DescribeAddonConfiguration: 'GET /addons/configuration-schemas',
  DescribeAddonVersions: 'GET /addons/supported-versions',
  DescribeCapability: `GET ${cluster}/capabilities/{capabilityName}`,
  DescribeCertificateAuthority: `GET ${cluster}/certificate-authorities/{certificateAuthorityId}`,
  DescribeEksAnywhereSubscription: 'GET /eks-anywhere-subscriptions/{id}',
  DescribeFargateProfile: `GET ${cluster}/fargate-profiles/{fargateProfileName}`,
  DescribeIdentityProviderConfig: `POST ${cluster}/identity-provider-configs/describe`,
  DescribePodIdentityAssociation: `GET ${cluster}/pod-identity-associations/{associationId}`,
  DisassociateAccessPolicy: `DELETE ${cluster}/access-entries/{principalArn}/access-policies/{policyArn}`,
  DisassociateIdentityProviderConfig: `POST ${cluster}/identity-provider-configs/disassociate`,
  ListAccessEntries: `GET ${cluster}/access-entries`,
  ListAccessPolicies: 'GET /access-policies',
  ListAddons: `GET ${cluster}/addons`,
  ListAssociatedAccessPolicies: `GET ${cluster}/access-entries/{principalArn}/access-policies`,
  ListCapabilities: `GET ${cluster}/capabilities`,
  ListCertificateAuthorities: `GET ${cluster}/certificate-authorities`,
  ListEksAnywhereSubscriptions: 'GET /eks-anywhere-subscriptions',
  ListFargateProfiles: `GET ${cluster}/fargate-profiles`,
  ListIdentityProviderConfigs: `GET ${cluster}/identity-provider-configs`,
  ListPodIdentityAssociations: `GET ${cluster}/pod-identity-associations`,
  UpdateAccessEntry: `POST ${cluster}/access-entries/{principalArn}`,
  UpdateAddon: `POST ${cluster}/addons/{addonName}/update`,
  UpdateCapability: `POST ${cluster}/capabilities/{capabilityName}`,
  UpdateEksAnywhereSubscription: 'POST /eks-anywhere-subscriptions/{id}',
  UpdatePodIdentityAssociation: `POST ${cluster}/pod-identity-associations/{associationId}`,
};

const refuse: Operation = async (_, call) =>
  fail('InvalidRequestException', `${call.operation} is not offered here.`, aboutCluster(call));

function aboutCluster({ path }: Call) {
  return path.name === undefined ? {} : { clusterName: path.name };
}

export const notOfferedRoutes: readonly Route[] = Object.entries(paths).map(([name, line]) => {
  const [method = '', path = ''] = line.split(' ');
  const resource = path.startsWith(cluster) ? 'cluster' : 'all';
  return { method, path, name, resource, run: refuse } as const;
});
