package io.bulwark.ratelimit.limit;

import jakarta.inject.Singleton;
import jakarta.transaction.Status;
import jakarta.transaction.Synchronization;
import jakarta.transaction.TransactionSynchronizationRegistry;

/** Nothing is given back of which the audit trail does not tell: all of it waits until the transaction is committed. */
@Singleton
class ResetsOfTransaction implements Resets {
    private final TransactionSynchronizationRegistry transaction;
    private final Limits limits;

    ResetsOfTransaction(TransactionSynchronizationRegistry transaction, Limits limits) {
        this.transaction = transaction;
        this.limits = limits;
    }

    /** @throws IllegalStateException where there is no transaction */
    @Override
    public void reset(Limit limit, long key) {
        transaction.registerInterposedSynchronization(new Synchronization() {
            @Override
            public void beforeCompletion() {}

            @Override
            public void afterCompletion(int status) {
                if (status == Status.STATUS_COMMITTED) {
                    limits.reset(limit, key);
                }
            }
        });
    }
}
