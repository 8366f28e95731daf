package io.bulwark.kit.audit;

import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.annotation.Priority;
import jakarta.interceptor.AroundInvoke;
import jakarta.interceptor.Interceptor;
import jakarta.interceptor.InvocationContext;
import jakarta.transaction.Status;
import jakarta.transaction.TransactionSynchronizationRegistry;
import org.jspecify.annotations.Nullable;

/** Records the call after it succeeded, within the transaction that {@code @Transactional} opened around it. */
@Audited("")
@Interceptor
@Priority(Interceptor.Priority.LIBRARY_BEFORE + 100)
class AuditedInterceptor {
    private final AuditTrail trail;
    private final TransactionSynchronizationRegistry transaction;

    AuditedInterceptor(AuditTrail trail, TransactionSynchronizationRegistry transaction) {
        this.trail = trail;
        this.transaction = transaction;
    }

    @AroundInvoke
    @Nullable
    Object record(InvocationContext call) throws Exception {
        var action = call.getMethod().getAnnotation(Audited.class).value();
        var result = call.proceed();
        if (transaction.getTransactionStatus() == Status.STATUS_ACTIVE) {
            trail.recordCall(action);
        } else if (transaction.getTransactionStatus() == Status.STATUS_NO_TRANSACTION) {
            QuarkusTransaction.requiringNew().run(() -> trail.recordCall(action));
        }
        return result;
    }
}
