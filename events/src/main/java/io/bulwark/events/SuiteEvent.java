package io.bulwark.events;

/** What a record on one of the topics says: a fact in the past tense, or a command. The data of a CloudEvent. */
public sealed interface SuiteEvent
        permits SecurityEvent,
                BlockEvent,
                RuleEvent,
                IncidentEvent,
                ResponseAction,
                ResponseOutcome,
                BackupEvent,
                Revocation,
                AuditEvent {

    /** The topic it travels on. */
    Topic topic();

    /** The record key: events of one key keep their order. */
    String key();

    /** What it is about ({@code ce_subject}); the key unless the event says otherwise. */
    default String subject() {
        return key();
    }
}
