"""Parameters that name what an action is about, where botocore's models do not tell which.

A line each: the service, the type, the part of its ARN (`*` the last one, `arn` the whole; `-`: it
names something else), the parameter, and the operations. Sources: what follows the first words
of the documentation ("You must specify the ID of the security group, not the name"), SAR's tables.
"You can use only the ARN to specify a DB snapshot": a name is that of a snapshot of a cluster. The
ARN of a snapshot of Redshift has the cluster that it was taken of.
"""

from __future__ import annotations

_LINES = """
cloudwatch alarm - Name: PutAlarmMuteRule
directconnect dxlag LagId parentConnectionId: AssociateHostedConnection
docdb clustersnapshot ClusterSnapshotName SnapshotIdentifier: RestoreDBClusterFromSnapshot
docdb snapshot - SnapshotIdentifier: RestoreDBClusterFromSnapshot
ec2 capacityreservationcancellationquote CapacityReservationCancellationQuoteId QuoteId:
    CancelCapacityReservation
ec2 natgateway NatGatewayId ResourceIds: CreateFlowLogs
ec2 networkinterface NetworkInterfaceId ResourceIds: CreateFlowLogs
ec2 subnet SubnetId ResourceIds: CreateFlowLogs
ec2 transitgateway TransitGatewayId ResourceIds: CreateFlowLogs
ec2 transitgatewayattachment TransitGatewayAttachmentId ResourceIds: CreateFlowLogs
ec2 vpc VpcId ResourceIds: CreateFlowLogs
ec2 vpcendpoint VpcEndpointId GatewayLoadBalancerEndpointId: CreateTrafficMirrorTarget
ec2 transitgatewayattachment TransitGatewayAttachmentId MiddleboxAttachmentIds:
    CreateTransitGatewayMeteringPolicy
ec2 vpcendpointservice VpcEndpointServiceId ServiceId: CreateVpcEndpointConnectionNotification
ec2 networkinterface * AssociationIds: DisassociateNatGatewayAddress
ec2 securitygroup SecurityGroupId Groups: ModifyInstanceAttribute ModifyNetworkInterfaceAttribute
ec2 transitgatewayattachment TransitGatewayAttachmentId AddMiddleboxAttachmentIds:
    ModifyTransitGatewayMeteringPolicy
ec2 transitgatewayattachment TransitGatewayAttachmentId RemoveMiddleboxAttachmentIds:
    ModifyTransitGatewayMeteringPolicy
ec2 internetgateway * AssociationId: ReplaceRouteTableAssociation
ec2 subnet * AssociationId: ReplaceRouteTableAssociation
ec2 vpngateway * AssociationId: ReplaceRouteTableAssociation
ecs daemontaskdefinition DaemonTaskDefinitionFamilyName family: RegisterDaemonTaskDefinition
ecs taskdefinition TaskDefinitionFamilyName family: RegisterTaskDefinition
efs accesspoint AccessPointId ResourceId: ListTagsForResource TagResource UntagResource
efs filesystem FileSystemId ResourceId: ListTagsForResource TagResource UntagResource
elasticache serverlesscachesnapshot ServerlessCacheSnapshotName FinalSnapshotName:
    DeleteServerlessCache
emr cluster ClusterId ResourceId: AddTags RemoveTags
emr editor EditorId ResourceId: AddTags RemoveTags
emr notebookexecution NotebookExecutionId ResourceId: AddTags RemoveTags
emr studio StudioId ResourceId: AddTags RemoveTags
glue connection ConnectionName ConnectionInput.Name: CreateConnection
glue table TableName TableInput.Name: CreateTable UpdateTable
glue dataqualityruleset - Ruleset: UpdateDataQualityRuleset
glue dataqualityruleset RulesetName Name: UpdateDataQualityRuleset
iam mfa MfaTokenIdWithPath VirtualMFADeviceName: CreateVirtualMFADevice
iam mfa arn SerialNumber: DeleteVirtualMFADevice ListMFADeviceTags TagMFADevice UntagMFADevice
iam group arn PolicySourceArn: GetContextKeysForPrincipalPolicy SimulatePrincipalPolicy
iam role arn PolicySourceArn: GetContextKeysForPrincipalPolicy SimulatePrincipalPolicy
iam user arn PolicySourceArn: GetContextKeysForPrincipalPolicy SimulatePrincipalPolicy
iam group - ResourceArns: SimulatePrincipalPolicy
iam role - ResourceArns: SimulatePrincipalPolicy
iam user - ResourceArns: SimulatePrincipalPolicy
neptune clustersnapshot ClusterSnapshotName SnapshotIdentifier: RestoreDBClusterFromSnapshot
neptune snapshot - SnapshotIdentifier: RestoreDBClusterFromSnapshot
network-firewall statefulrulegroup Name RuleGroupName: CreateRuleGroup UpdateRuleGroup
network-firewall statelessrulegroup Name RuleGroupName: CreateRuleGroup UpdateRuleGroup
omics runcache Id cacheId: StartRun
organizations account AccountId TargetId: AttachPolicy DetachPolicy
organizations organizationalunit OrganizationalUnitId TargetId: AttachPolicy DetachPolicy
organizations root RootId TargetId: AttachPolicy DetachPolicy
quicksight analysis ResourceId MemberId: CreateFolderMembership DeleteFolderMembership
quicksight dashboard ResourceId MemberId: CreateFolderMembership DeleteFolderMembership
quicksight dataset ResourceId MemberId: CreateFolderMembership DeleteFolderMembership
rds clustersnapshot ClusterSnapshotName SnapshotIdentifier: RestoreDBClusterFromSnapshot
rds snapshot - SnapshotIdentifier: RestoreDBClusterFromSnapshot
redshift cluster ClusterName SnapshotClusterIdentifier: AuthorizeSnapshotAccess
    DeleteClusterSnapshot RevokeSnapshotAccess
redshift cluster ClusterName SourceSnapshotClusterIdentifier: CopyClusterSnapshot
redshift snapshot - ClusterIdentifier: RestoreFromClusterSnapshot
redshift snapshot ClusterName SnapshotClusterIdentifier: RestoreFromClusterSnapshot
s3tables table arn tableBucketARN: CreateTable
s3vectors index BucketName vectorBucketName: CreateIndex DeleteIndex DeleteVectors GetIndex
    GetVectors ListVectors PutVectors QueryVectors
sesv2 identity IdentityName EmailIdentity: CreateEmailIdentity CreateEmailIdentityPolicy
    DeleteEmailIdentity DeleteEmailIdentityPolicy GetEmailIdentity GetEmailIdentityPolicies
    PutEmailIdentityConfigurationSetAttributes PutEmailIdentityDkimAttributes
    PutEmailIdentityDkimSigningAttributes PutEmailIdentityFeedbackAttributes
    PutEmailIdentityMailFromAttributes UpdateEmailIdentityPolicy
sso-admin account AccountId TargetId: CreateAccountAssignment DeleteAccountAssignment
"""


def _read() -> dict[tuple[str, str], list[tuple[str, str, str]]]:
    found: dict[tuple[str, str], list[tuple[str, str, str]]] = {}
    for line in _LINES.replace("\n    ", " ").strip().splitlines():
        said, _, operations = line.partition(": ")
        service, kind, part, path = said.split()
        for operation in operations.split():
            found.setdefault((service, operation), []).append((kind, part, path))
    return found


#: By service and operation: types, parts of their ARNs, parameters.
NAMED = _read()
