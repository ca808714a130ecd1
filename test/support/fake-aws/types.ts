/** The types of things that the fake knows. */
export const types = {
  vpc: "aws:ec2/vpc:Vpc",
  subnet: "aws:ec2/subnet:Subnet",
  gateway: "aws:ec2/internetGateway:InternetGateway",
  address: "aws:ec2/eip:Eip",
  nat: "aws:ec2/natGateway:NatGateway",
  table: "aws:ec2/routeTable:RouteTable",
  route: "aws:ec2/route:Route",
  association: "aws:ec2/routeTableAssociation:RouteTableAssociation",
  endpoint: "aws:ec2/vpcEndpoint:VpcEndpoint",
  defaultGroup: "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup",
  template: "aws:ec2/launchTemplate:LaunchTemplate",
  role: "aws:iam/role:Role",
  rolePolicy: "aws:iam/rolePolicy:RolePolicy",
  attachment: "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
  key: "aws:kms/key:Key",
  logs: "aws:cloudwatch/logGroup:LogGroup",
  cluster: "aws:eks/cluster:Cluster",
  nodeGroup: "aws:eks/nodeGroup:NodeGroup",
  addon: "aws:eks/addon:Addon",
  entry: "aws:eks/accessEntry:AccessEntry",
  admission: "aws:eks/accessPolicyAssociation:AccessPolicyAssociation",
  podIdentity: "aws:eks/podIdentityAssociation:PodIdentityAssociation",
  // Things that AWS makes by itself.
  clusterGroup: "made:clusterSecurityGroup",
  interface: "made:networkInterface",
  balancer: "made:loadBalancer",
} as const;

/** Those that a program makes. */
export const made: readonly string[] = Object.values(types).filter((type) => type.startsWith("aws:"));
