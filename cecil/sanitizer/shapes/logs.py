"""Records of clouds, clusters, telemetry and health care.

Sources are the public references, one with each shape.
"""

from collections.abc import Mapping
from typing import Any

from cecil.sanitizer.shapes.base import NAMED, Shape, drop, keep, redact, rules, text

Record = Mapping[str, Any]

_ADDRESS = "where the caller is"
_SCANNED_ADDRESS = "scanned: public addresses go, private ones and names of services stay"
_ABOUT = "what happened, and when"
_FREE = "whatever the call had: free in form, scanned"

_PERSONS = ("Patient", "Person", "Practitioner", "RelatedPerson")


def _cloudtrail(record: Record) -> bool:
    return "eventSource" in record and "eventName" in record and "eventVersion" in record


def _vpc_flow(record: Record) -> bool:
    return "dstaddr" in record


def _kubernetes(record: Record) -> bool:
    return text(record, "apiVersion").startswith("audit.k8s.io/") or (
        "requestURI" in record and "stage" in record
    )


def _gcp(record: Record) -> bool:
    payload = record.get("protoPayload")
    return type(payload) is dict and (
        text(payload, "@type").endswith("google.cloud.audit.AuditLog") or "authenticationInfo" in payload
    )


def _azure(record: Record) -> bool:
    return "time" in record and ("operationName" in record or "category" in record)


def _always(record: Record) -> bool:
    return True


def _fhir(record: Record) -> bool:
    return bool(text(record, "resourceType")) and bool(
        {"id", "meta", "status", "identifier", "entry", "subject", "name"} & record.keys()
    )


def _fhir_person(record: Record) -> bool:
    return text(record, "resourceType") in _PERSONS


SHAPES = (
    Shape(
        "cloudtrail",
        "AWS CloudTrail",
        ("eventSource",),
        _cloudtrail,
        rules(
            redact("userIdentity.userName userIdentity.principalId", "USER_ID", "who called"),
            redact("userIdentity.arn", "USER_ID", "who called: it ends in the name of a user or a session"),
            redact("userIdentity.accessKeyId", "SECRET", "the id of who called's key"),
            redact(
                "userIdentity.onBehalfOf.userId userIdentity.sessionContext.sourceIdentity",
                "USER_ID",
                "who called",
            ),
            keep("userIdentity userIdentity.invokedBy", "which kind of caller, and of which account"),
            keep("userIdentity.sessionContext.sessionIssuer.userName", "the name of a role"),
            keep("sourceIPAddress", _SCANNED_ADDRESS),
            keep("requestParameters responseElements additionalEventData serviceEventDetails", _FREE),
            keep("userAgent", "the caller's program: scanned"),
            keep(
                "eventVersion eventTime eventSource eventName eventID eventType eventCategory awsRegion "
                "requestID errorCode recipientAccountId readOnly managementEvent",
                _ABOUT,
            ),
            keep("errorMessage", "free text, scanned; it often names who called"),
            keep("resources tlsDetails", "what it was done to, and how"),
        ),
        "https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html",
    ),
    Shape(
        "vpc-flow",
        "VPC flow logs",
        ("srcaddr",),
        _vpc_flow,
        rules(
            keep("srcaddr dstaddr pkt_srcaddr pkt_dstaddr pkt-srcaddr pkt-dstaddr", _SCANNED_ADDRESS),
            keep("account_id account-id interface_id interface-id action start end protocol", _ABOUT),
        ),
        "https://docs.aws.amazon.com/vpc/latest/userguide/flow-log-records.html",
    ),
    Shape(
        "kubernetes-audit",
        "Kubernetes audit events",
        ("apiVersion", "requestURI"),
        _kubernetes,
        rules(
            redact(
                "user.username user.uid impersonatedUser.username impersonatedUser.uid",
                "USER_ID",
                "who called, a person or a service account; keep it where only services call",
            ),
            redact("user.extra impersonatedUser.extra", "USER_ID", "what the login said of who called"),
            keep("user.groups impersonatedUser.groups", "what who called may do"),
            keep("sourceIPs", _SCANNED_ADDRESS),
            drop(
                "requestObject.data requestObject.stringData responseObject.data responseObject.stringData",
                "what a Secret or a ConfigMap holds",
            ),
            keep("requestObject responseObject", "the object as a whole: scanned"),
            keep("userAgent", "the caller's program: scanned"),
            keep("annotations", "what the cluster noted: scanned"),
            keep(
                "kind apiVersion level auditID stage requestURI verb objectRef responseStatus "
                "requestReceivedTimestamp stageTimestamp",
                _ABOUT,
            ),
        ),
        "https://kubernetes.io/docs/reference/config-api/apiserver-audit.v1/",
    ),
    Shape(
        "gcp-audit",
        "Google Cloud audit logs",
        ("protoPayload",),
        _gcp,
        rules(
            redact("protoPayload.authenticationInfo.principalEmail", "EMAIL_ADDRESS", "who called"),
            redact("protoPayload.authenticationInfo", "USER_ID", "who called, and for whom"),
            redact("protoPayload.requestMetadata.callerIp", "IP_ADDRESS", _ADDRESS),
            keep("protoPayload.requestMetadata", "how it was called: scanned"),
            keep("protoPayload.request protoPayload.response protoPayload.metadata", _FREE),
            keep(
                "protoPayload.serviceName protoPayload.methodName protoPayload.resourceName "
                "protoPayload.status protoPayload.authorizationInfo",
                _ABOUT,
            ),
            keep("insertId logName resource severity timestamp receiveTimestamp", _ABOUT),
        ),
        "https://cloud.google.com/logging/docs/reference/audit/auditlog/rest/Shared.Types/AuditLog",
    ),
    Shape(
        "azure-diagnostics",
        "Azure diagnostic logs",
        ("resourceId",),
        _azure,
        rules(
            redact("callerIpAddress CallerIPAddress", "IP_ADDRESS", _ADDRESS),
            drop("identity.claims", "what the caller's token said: name, e-mail address, ids"),
            redact("identity caller", "USER_ID", "who called"),
            keep("properties", _FREE),
            keep(
                "time resourceId category operationName operationVersion resultType resultSignature "
                "durationMs correlationId level location tenantId",
                _ABOUT,
            ),
        ),
        "https://learn.microsoft.com/azure/azure-monitor/platform/resource-logs-schema",
    ),
    Shape(
        "otlp",
        "OpenTelemetry (OTLP)",
        ("resourceSpans", "resourceLogs", "resourceMetrics"),
        _always,
        rules(
            keep("resourceLogs[*].scopeLogs[*].logRecords[*].body", "what was logged: free text, scanned"),
        ),
        "https://opentelemetry.io/docs/specs/otlp/",
        NAMED,
    ),
    Shape(
        "fhir-person",
        "FHIR, a person",
        ("resourceType",),
        _fhir_person,
        rules(
            redact("name contact link", "PERSON", "who it is"),
            redact("telecom", "PHONE_NUMBER", "how to reach them"),
            redact("address", "STREET_ADDRESS", "where they live"),
            redact("birthDate deceasedDateTime", "DATE_OF_BIRTH", "a date of the person's own"),
            redact("_birthDate", "DATE_OF_BIRTH", "what is told beside it, as the hour"),
            drop("photo", "a picture"),
            keep("gender active maritalStatus communication", "says of nobody who they are, by itself"),
        ),
        "https://hl7.org/fhir/patient.html",
    ),
    Shape(
        "fhir",
        "FHIR",
        ("resourceType",),
        _fhir,
        rules(
            drop("text", "the whole resource once more, as free text"),
            redact("id", "RECORD_ID", "which record it is; hash keeps records joined"),
            redact("identifier[*].value", "MEDICAL_RECORD_NUMBER", "a number that names the record"),
            redact(
                "subject patient performer author participant requester recorder asserter practitioner "
                "beneficiary subscriber individual generalPractitioner",
                "PERSON",
                "whom it is about, or by: a name, or the id of their record; hash keeps records joined",
            ),
            redact("encounter", "RECORD_ID", "which visit it was; hash keeps records joined"),
            redact("subscriberId class[*].value", "HEALTH_PLAN_NUMBER", "how somebody is insured"),
            redact("serialNumber udiCarrier", "DEVICE_SERIAL", "which device it is"),
            drop("content[*].attachment.data data", "a document as text: nothing looks into it"),
            keep("note[*].text", "free text, scanned; of names the model finds most, not all"),
            keep("resourceType meta status category code", "what kind of record it is"),
        ),
        "https://hl7.org/fhir/resource.html",
        "the policy hipaa is made for such records; here dates stay as they are",
    ),
)
