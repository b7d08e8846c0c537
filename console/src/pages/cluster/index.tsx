import { PageHead } from '../../components/index.ts';

export default function Page() {
  return <PageHead title="Cluster" />;
}
