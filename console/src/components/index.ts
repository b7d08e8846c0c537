/**
 * The parts that every page is made from. They are given what to show.
 * They do not know: requests, addresses of the API, which page they are on.
 */
export { Button } from './button.tsx';
export { Confirm } from './confirm.tsx';
export { CouldNotRun, FindingItem } from './finding.tsx';
export { Icon, type IconName } from './icon.tsx';
export { Answer, Empty, FailureNote, Loading, ReasonNote } from './notes.tsx';
export { type Crumb, Facts, PageHead, Panel, TableFrame } from './page.tsx';
export { Badge, ClusterStatus, clusterLooks, type Tone, UpgradeStatus, upgradeLooks } from './status.tsx';
export {
  agoText,
  dayText,
  durationText,
  engineNames,
  Moment,
  momentText,
  ReleaseName,
  releaseText,
  useNow,
} from './words.tsx';
