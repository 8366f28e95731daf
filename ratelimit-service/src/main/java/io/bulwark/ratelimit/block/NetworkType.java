package io.bulwark.ratelimit.block;

import io.bulwark.kit.net.Network;
import java.io.Serializable;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import org.hibernate.type.descriptor.WrapperOptions;
import org.hibernate.usertype.UserType;
import org.jspecify.annotations.Nullable;

/** A network in a {@code cidr} column, which Postgres compares and searches as what it is. */
public final class NetworkType implements UserType<Network> {
    @Override
    public int getSqlType() {
        return Types.OTHER;
    }

    @Override
    public Class<Network> returnedClass() {
        return Network.class;
    }

    @Override
    public @Nullable Network nullSafeGet(ResultSet row, int position, WrapperOptions options) throws SQLException {
        var text = row.getString(position);
        return text == null ? null : Network.parse(text);
    }

    @Override
    public void nullSafeSet(PreparedStatement statement, @Nullable Network value, int position, WrapperOptions options)
            throws SQLException {
        // the driver leaves the type of OTHER to the server, which takes the column's
        statement.setObject(position, value == null ? null : value.toString(), Types.OTHER);
    }

    @Override
    public Network deepCopy(Network value) {
        return value;
    }

    @Override
    public boolean isMutable() {
        return false;
    }

    @Override
    public Serializable disassemble(Network value) {
        return value.toString();
    }

    @Override
    public Network assemble(Serializable cached, Object owner) {
        return Network.parse((String) cached);
    }
}
