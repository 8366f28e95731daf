package io.bulwark.testkit.architecture;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget.CodeUnitAccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import java.time.Clock;
import java.time.InstantSource;
import java.util.Date;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/** Calls, and references to methods, that make a program untestable. */
final class Calls {
    static final DescribedPredicate<JavaAccess<?>> ASK_THE_MACHINE = DescribedPredicate.describe(
            "ask the machine for time or chance",
            access ->
                    access.getTarget() instanceof CodeUnitAccessTarget target && (isTime(target) || isChance(target)));

    static final DescribedPredicate<JavaAccess<?>> SLEEP = DescribedPredicate.describe(
            "sleep",
            access -> access.getTarget().getName().equals("sleep")
                    && (access.getTargetOwner().isEquivalentTo(Thread.class)
                            || access.getTargetOwner().isEquivalentTo(TimeUnit.class)));

    private Calls() {}

    private static boolean isTime(CodeUnitAccessTarget target) {
        var owner = target.getOwner();
        var name = target.getName();
        if (owner.getPackageName().equals("java.time")) {
            var ofAClock =
                    target.getRawParameterTypes().stream().anyMatch(type -> type.isAssignableTo(InstantSource.class));
            return name.equals("now") && !ofAClock
                    || name.startsWith("system") && owner.isAssignableTo(InstantSource.class)
                    || name.startsWith("tick") && !ofAClock && owner.isEquivalentTo(Clock.class);
        }
        return owner.isEquivalentTo(System.class) && name.equals("currentTimeMillis")
                || owner.isEquivalentTo(Date.class) && isConstructorWithoutParameters(target);
    }

    private static boolean isChance(CodeUnitAccessTarget target) {
        return target.getOwner().isEquivalentTo(Math.class) && target.getName().equals("random")
                || target.getOwner().isEquivalentTo(Random.class) && isConstructorWithoutParameters(target);
    }

    private static boolean isConstructorWithoutParameters(CodeUnitAccessTarget target) {
        return target.getName().equals("<init>")
                && target.getRawParameterTypes().isEmpty();
    }
}
