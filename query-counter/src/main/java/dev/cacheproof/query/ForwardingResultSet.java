package dev.cacheproof.query;

import java.io.InputStream;
import java.io.Reader;
import java.math.BigDecimal;
import java.net.URL;
import java.sql.Array;
import java.sql.Blob;
import java.sql.Clob;
import java.sql.Date;
import java.sql.NClob;
import java.sql.Ref;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.RowId;
import java.sql.SQLException;
import java.sql.SQLType;
import java.sql.SQLWarning;
import java.sql.SQLXML;
import java.sql.Time;
import java.sql.Timestamp;
import java.util.Calendar;
import java.util.Map;
import org.jspecify.annotations.NullUnmarked;

/**
 * Passes each call on to a driver's result set. A proxy would do it in a line, and take as long for each call as H2 does to
 * answer it. What another JDK adds is passed on by {@link WatchedResultSet}.
 */
@SuppressWarnings("deprecation") // what is deprecated there is passed on like the rest
@NullUnmarked // as java.sql is
abstract class ForwardingResultSet implements ResultSet {

    private final ResultSet driversOwn;

    ForwardingResultSet(ResultSet driversOwn) {
        this.driversOwn = driversOwn;
    }

    final ResultSet driversOwn() {
        return driversOwn;
    }

    @Override
    public boolean absolute(int row) throws SQLException {
        return driversOwn.absolute(row);
    }

    @Override
    public void afterLast() throws SQLException {
        driversOwn.afterLast();
    }

    @Override
    public void beforeFirst() throws SQLException {
        driversOwn.beforeFirst();
    }

    @Override
    public void cancelRowUpdates() throws SQLException {
        driversOwn.cancelRowUpdates();
    }

    @Override
    public void clearWarnings() throws SQLException {
        driversOwn.clearWarnings();
    }

    @Override
    public void close() throws SQLException {
        driversOwn.close();
    }

    @Override
    public void deleteRow() throws SQLException {
        driversOwn.deleteRow();
    }

    @Override
    public int findColumn(String columnLabel) throws SQLException {
        return driversOwn.findColumn(columnLabel);
    }

    @Override
    public boolean first() throws SQLException {
        return driversOwn.first();
    }

    @Override
    public int getConcurrency() throws SQLException {
        return driversOwn.getConcurrency();
    }

    @Override
    public String getCursorName() throws SQLException {
        return driversOwn.getCursorName();
    }

    @Override
    public int getFetchDirection() throws SQLException {
        return driversOwn.getFetchDirection();
    }

    @Override
    public int getFetchSize() throws SQLException {
        return driversOwn.getFetchSize();
    }

    @Override
    public int getHoldability() throws SQLException {
        return driversOwn.getHoldability();
    }

    @Override
    public ResultSetMetaData getMetaData() throws SQLException {
        return driversOwn.getMetaData();
    }

    @Override
    public int getRow() throws SQLException {
        return driversOwn.getRow();
    }

    @Override
    public int getType() throws SQLException {
        return driversOwn.getType();
    }

    @Override
    public SQLWarning getWarnings() throws SQLException {
        return driversOwn.getWarnings();
    }

    @Override
    public void insertRow() throws SQLException {
        driversOwn.insertRow();
    }

    @Override
    public boolean isAfterLast() throws SQLException {
        return driversOwn.isAfterLast();
    }

    @Override
    public boolean isBeforeFirst() throws SQLException {
        return driversOwn.isBeforeFirst();
    }

    @Override
    public boolean isClosed() throws SQLException {
        return driversOwn.isClosed();
    }

    @Override
    public boolean isFirst() throws SQLException {
        return driversOwn.isFirst();
    }

    @Override
    public boolean isLast() throws SQLException {
        return driversOwn.isLast();
    }

    @Override
    public boolean last() throws SQLException {
        return driversOwn.last();
    }

    @Override
    public void moveToCurrentRow() throws SQLException {
        driversOwn.moveToCurrentRow();
    }

    @Override
    public void moveToInsertRow() throws SQLException {
        driversOwn.moveToInsertRow();
    }

    @Override
    public boolean next() throws SQLException {
        return driversOwn.next();
    }

    @Override
    public boolean previous() throws SQLException {
        return driversOwn.previous();
    }

    @Override
    public void refreshRow() throws SQLException {
        driversOwn.refreshRow();
    }

    @Override
    public boolean relative(int rows) throws SQLException {
        return driversOwn.relative(rows);
    }

    @Override
    public boolean rowDeleted() throws SQLException {
        return driversOwn.rowDeleted();
    }

    @Override
    public boolean rowInserted() throws SQLException {
        return driversOwn.rowInserted();
    }

    @Override
    public boolean rowUpdated() throws SQLException {
        return driversOwn.rowUpdated();
    }

    @Override
    public void setFetchDirection(int direction) throws SQLException {
        driversOwn.setFetchDirection(direction);
    }

    @Override
    public void setFetchSize(int rows) throws SQLException {
        driversOwn.setFetchSize(rows);
    }

    @Override
    public void updateRow() throws SQLException {
        driversOwn.updateRow();
    }

    @Override
    public boolean wasNull() throws SQLException {
        return driversOwn.wasNull();
    }

    @Override
    public Array getArray(String columnLabel) throws SQLException {
        return driversOwn.getArray(columnLabel);
    }

    @Override
    public Array getArray(int columnIndex) throws SQLException {
        return driversOwn.getArray(columnIndex);
    }

    @Override
    public InputStream getAsciiStream(String columnLabel) throws SQLException {
        return driversOwn.getAsciiStream(columnLabel);
    }

    @Override
    public InputStream getAsciiStream(int columnIndex) throws SQLException {
        return driversOwn.getAsciiStream(columnIndex);
    }

    @Override
    public BigDecimal getBigDecimal(String columnLabel) throws SQLException {
        return driversOwn.getBigDecimal(columnLabel);
    }

    @Override
    public BigDecimal getBigDecimal(int columnIndex) throws SQLException {
        return driversOwn.getBigDecimal(columnIndex);
    }

    @Override
    public BigDecimal getBigDecimal(String columnLabel, int scale) throws SQLException {
        return driversOwn.getBigDecimal(columnLabel, scale);
    }

    @Override
    public BigDecimal getBigDecimal(int columnIndex, int scale) throws SQLException {
        return driversOwn.getBigDecimal(columnIndex, scale);
    }

    @Override
    public InputStream getBinaryStream(String columnLabel) throws SQLException {
        return driversOwn.getBinaryStream(columnLabel);
    }

    @Override
    public InputStream getBinaryStream(int columnIndex) throws SQLException {
        return driversOwn.getBinaryStream(columnIndex);
    }

    @Override
    public Blob getBlob(String columnLabel) throws SQLException {
        return driversOwn.getBlob(columnLabel);
    }

    @Override
    public Blob getBlob(int columnIndex) throws SQLException {
        return driversOwn.getBlob(columnIndex);
    }

    @Override
    public boolean getBoolean(String columnLabel) throws SQLException {
        return driversOwn.getBoolean(columnLabel);
    }

    @Override
    public boolean getBoolean(int columnIndex) throws SQLException {
        return driversOwn.getBoolean(columnIndex);
    }

    @Override
    public byte getByte(String columnLabel) throws SQLException {
        return driversOwn.getByte(columnLabel);
    }

    @Override
    public byte getByte(int columnIndex) throws SQLException {
        return driversOwn.getByte(columnIndex);
    }

    @Override
    public byte[] getBytes(String columnLabel) throws SQLException {
        return driversOwn.getBytes(columnLabel);
    }

    @Override
    public byte[] getBytes(int columnIndex) throws SQLException {
        return driversOwn.getBytes(columnIndex);
    }

    @Override
    public Reader getCharacterStream(String columnLabel) throws SQLException {
        return driversOwn.getCharacterStream(columnLabel);
    }

    @Override
    public Reader getCharacterStream(int columnIndex) throws SQLException {
        return driversOwn.getCharacterStream(columnIndex);
    }

    @Override
    public Clob getClob(String columnLabel) throws SQLException {
        return driversOwn.getClob(columnLabel);
    }

    @Override
    public Clob getClob(int columnIndex) throws SQLException {
        return driversOwn.getClob(columnIndex);
    }

    @Override
    public Date getDate(String columnLabel) throws SQLException {
        return driversOwn.getDate(columnLabel);
    }

    @Override
    public Date getDate(int columnIndex) throws SQLException {
        return driversOwn.getDate(columnIndex);
    }

    @Override
    public Date getDate(String columnLabel, Calendar calendar) throws SQLException {
        return driversOwn.getDate(columnLabel, calendar);
    }

    @Override
    public Date getDate(int columnIndex, Calendar calendar) throws SQLException {
        return driversOwn.getDate(columnIndex, calendar);
    }

    @Override
    public double getDouble(String columnLabel) throws SQLException {
        return driversOwn.getDouble(columnLabel);
    }

    @Override
    public double getDouble(int columnIndex) throws SQLException {
        return driversOwn.getDouble(columnIndex);
    }

    @Override
    public float getFloat(String columnLabel) throws SQLException {
        return driversOwn.getFloat(columnLabel);
    }

    @Override
    public float getFloat(int columnIndex) throws SQLException {
        return driversOwn.getFloat(columnIndex);
    }

    @Override
    public int getInt(String columnLabel) throws SQLException {
        return driversOwn.getInt(columnLabel);
    }

    @Override
    public int getInt(int columnIndex) throws SQLException {
        return driversOwn.getInt(columnIndex);
    }

    @Override
    public long getLong(String columnLabel) throws SQLException {
        return driversOwn.getLong(columnLabel);
    }

    @Override
    public long getLong(int columnIndex) throws SQLException {
        return driversOwn.getLong(columnIndex);
    }

    @Override
    public Reader getNCharacterStream(String columnLabel) throws SQLException {
        return driversOwn.getNCharacterStream(columnLabel);
    }

    @Override
    public Reader getNCharacterStream(int columnIndex) throws SQLException {
        return driversOwn.getNCharacterStream(columnIndex);
    }

    @Override
    public NClob getNClob(String columnLabel) throws SQLException {
        return driversOwn.getNClob(columnLabel);
    }

    @Override
    public NClob getNClob(int columnIndex) throws SQLException {
        return driversOwn.getNClob(columnIndex);
    }

    @Override
    public String getNString(String columnLabel) throws SQLException {
        return driversOwn.getNString(columnLabel);
    }

    @Override
    public String getNString(int columnIndex) throws SQLException {
        return driversOwn.getNString(columnIndex);
    }

    @Override
    public Object getObject(String columnLabel) throws SQLException {
        return driversOwn.getObject(columnLabel);
    }

    @Override
    public Object getObject(int columnIndex) throws SQLException {
        return driversOwn.getObject(columnIndex);
    }

    @Override
    public <T> T getObject(String columnLabel, Class<T> type) throws SQLException {
        return driversOwn.getObject(columnLabel, type);
    }

    @Override
    public Object getObject(String columnLabel, Map<String, Class<?>> types) throws SQLException {
        return driversOwn.getObject(columnLabel, types);
    }

    @Override
    public <T> T getObject(int columnIndex, Class<T> type) throws SQLException {
        return driversOwn.getObject(columnIndex, type);
    }

    @Override
    public Object getObject(int columnIndex, Map<String, Class<?>> types) throws SQLException {
        return driversOwn.getObject(columnIndex, types);
    }

    @Override
    public Ref getRef(String columnLabel) throws SQLException {
        return driversOwn.getRef(columnLabel);
    }

    @Override
    public Ref getRef(int columnIndex) throws SQLException {
        return driversOwn.getRef(columnIndex);
    }

    @Override
    public RowId getRowId(String columnLabel) throws SQLException {
        return driversOwn.getRowId(columnLabel);
    }

    @Override
    public RowId getRowId(int columnIndex) throws SQLException {
        return driversOwn.getRowId(columnIndex);
    }

    @Override
    public SQLXML getSQLXML(String columnLabel) throws SQLException {
        return driversOwn.getSQLXML(columnLabel);
    }

    @Override
    public SQLXML getSQLXML(int columnIndex) throws SQLException {
        return driversOwn.getSQLXML(columnIndex);
    }

    @Override
    public short getShort(String columnLabel) throws SQLException {
        return driversOwn.getShort(columnLabel);
    }

    @Override
    public short getShort(int columnIndex) throws SQLException {
        return driversOwn.getShort(columnIndex);
    }

    @Override
    public String getString(String columnLabel) throws SQLException {
        return driversOwn.getString(columnLabel);
    }

    @Override
    public String getString(int columnIndex) throws SQLException {
        return driversOwn.getString(columnIndex);
    }

    @Override
    public Time getTime(String columnLabel) throws SQLException {
        return driversOwn.getTime(columnLabel);
    }

    @Override
    public Time getTime(int columnIndex) throws SQLException {
        return driversOwn.getTime(columnIndex);
    }

    @Override
    public Time getTime(String columnLabel, Calendar calendar) throws SQLException {
        return driversOwn.getTime(columnLabel, calendar);
    }

    @Override
    public Time getTime(int columnIndex, Calendar calendar) throws SQLException {
        return driversOwn.getTime(columnIndex, calendar);
    }

    @Override
    public Timestamp getTimestamp(String columnLabel) throws SQLException {
        return driversOwn.getTimestamp(columnLabel);
    }

    @Override
    public Timestamp getTimestamp(int columnIndex) throws SQLException {
        return driversOwn.getTimestamp(columnIndex);
    }

    @Override
    public Timestamp getTimestamp(String columnLabel, Calendar calendar) throws SQLException {
        return driversOwn.getTimestamp(columnLabel, calendar);
    }

    @Override
    public Timestamp getTimestamp(int columnIndex, Calendar calendar) throws SQLException {
        return driversOwn.getTimestamp(columnIndex, calendar);
    }

    @Override
    public URL getURL(String columnLabel) throws SQLException {
        return driversOwn.getURL(columnLabel);
    }

    @Override
    public URL getURL(int columnIndex) throws SQLException {
        return driversOwn.getURL(columnIndex);
    }

    @Override
    public InputStream getUnicodeStream(String columnLabel) throws SQLException {
        return driversOwn.getUnicodeStream(columnLabel);
    }

    @Override
    public InputStream getUnicodeStream(int columnIndex) throws SQLException {
        return driversOwn.getUnicodeStream(columnIndex);
    }

    @Override
    public void updateArray(String columnLabel, Array value) throws SQLException {
        driversOwn.updateArray(columnLabel, value);
    }

    @Override
    public void updateArray(int columnIndex, Array value) throws SQLException {
        driversOwn.updateArray(columnIndex, value);
    }

    @Override
    public void updateAsciiStream(String columnLabel, InputStream value) throws SQLException {
        driversOwn.updateAsciiStream(columnLabel, value);
    }

    @Override
    public void updateAsciiStream(int columnIndex, InputStream value) throws SQLException {
        driversOwn.updateAsciiStream(columnIndex, value);
    }

    @Override
    public void updateAsciiStream(String columnLabel, InputStream value, int length) throws SQLException {
        driversOwn.updateAsciiStream(columnLabel, value, length);
    }

    @Override
    public void updateAsciiStream(String columnLabel, InputStream value, long length) throws SQLException {
        driversOwn.updateAsciiStream(columnLabel, value, length);
    }

    @Override
    public void updateAsciiStream(int columnIndex, InputStream value, int length) throws SQLException {
        driversOwn.updateAsciiStream(columnIndex, value, length);
    }

    @Override
    public void updateAsciiStream(int columnIndex, InputStream value, long length) throws SQLException {
        driversOwn.updateAsciiStream(columnIndex, value, length);
    }

    @Override
    public void updateBigDecimal(String columnLabel, BigDecimal value) throws SQLException {
        driversOwn.updateBigDecimal(columnLabel, value);
    }

    @Override
    public void updateBigDecimal(int columnIndex, BigDecimal value) throws SQLException {
        driversOwn.updateBigDecimal(columnIndex, value);
    }

    @Override
    public void updateBinaryStream(String columnLabel, InputStream value) throws SQLException {
        driversOwn.updateBinaryStream(columnLabel, value);
    }

    @Override
    public void updateBinaryStream(int columnIndex, InputStream value) throws SQLException {
        driversOwn.updateBinaryStream(columnIndex, value);
    }

    @Override
    public void updateBinaryStream(String columnLabel, InputStream value, int length) throws SQLException {
        driversOwn.updateBinaryStream(columnLabel, value, length);
    }

    @Override
    public void updateBinaryStream(String columnLabel, InputStream value, long length) throws SQLException {
        driversOwn.updateBinaryStream(columnLabel, value, length);
    }

    @Override
    public void updateBinaryStream(int columnIndex, InputStream value, int length) throws SQLException {
        driversOwn.updateBinaryStream(columnIndex, value, length);
    }

    @Override
    public void updateBinaryStream(int columnIndex, InputStream value, long length) throws SQLException {
        driversOwn.updateBinaryStream(columnIndex, value, length);
    }

    @Override
    public void updateBlob(String columnLabel, InputStream value) throws SQLException {
        driversOwn.updateBlob(columnLabel, value);
    }

    @Override
    public void updateBlob(String columnLabel, Blob value) throws SQLException {
        driversOwn.updateBlob(columnLabel, value);
    }

    @Override
    public void updateBlob(int columnIndex, InputStream value) throws SQLException {
        driversOwn.updateBlob(columnIndex, value);
    }

    @Override
    public void updateBlob(int columnIndex, Blob value) throws SQLException {
        driversOwn.updateBlob(columnIndex, value);
    }

    @Override
    public void updateBlob(String columnLabel, InputStream value, long length) throws SQLException {
        driversOwn.updateBlob(columnLabel, value, length);
    }

    @Override
    public void updateBlob(int columnIndex, InputStream value, long length) throws SQLException {
        driversOwn.updateBlob(columnIndex, value, length);
    }

    @Override
    public void updateBoolean(String columnLabel, boolean value) throws SQLException {
        driversOwn.updateBoolean(columnLabel, value);
    }

    @Override
    public void updateBoolean(int columnIndex, boolean value) throws SQLException {
        driversOwn.updateBoolean(columnIndex, value);
    }

    @Override
    public void updateByte(String columnLabel, byte value) throws SQLException {
        driversOwn.updateByte(columnLabel, value);
    }

    @Override
    public void updateByte(int columnIndex, byte value) throws SQLException {
        driversOwn.updateByte(columnIndex, value);
    }

    @Override
    public void updateBytes(String columnLabel, byte[] value) throws SQLException {
        driversOwn.updateBytes(columnLabel, value);
    }

    @Override
    public void updateBytes(int columnIndex, byte[] value) throws SQLException {
        driversOwn.updateBytes(columnIndex, value);
    }

    @Override
    public void updateCharacterStream(String columnLabel, Reader value) throws SQLException {
        driversOwn.updateCharacterStream(columnLabel, value);
    }

    @Override
    public void updateCharacterStream(int columnIndex, Reader value) throws SQLException {
        driversOwn.updateCharacterStream(columnIndex, value);
    }

    @Override
    public void updateCharacterStream(String columnLabel, Reader value, int length) throws SQLException {
        driversOwn.updateCharacterStream(columnLabel, value, length);
    }

    @Override
    public void updateCharacterStream(String columnLabel, Reader value, long length) throws SQLException {
        driversOwn.updateCharacterStream(columnLabel, value, length);
    }

    @Override
    public void updateCharacterStream(int columnIndex, Reader value, int length) throws SQLException {
        driversOwn.updateCharacterStream(columnIndex, value, length);
    }

    @Override
    public void updateCharacterStream(int columnIndex, Reader value, long length) throws SQLException {
        driversOwn.updateCharacterStream(columnIndex, value, length);
    }

    @Override
    public void updateClob(String columnLabel, Reader value) throws SQLException {
        driversOwn.updateClob(columnLabel, value);
    }

    @Override
    public void updateClob(String columnLabel, Clob value) throws SQLException {
        driversOwn.updateClob(columnLabel, value);
    }

    @Override
    public void updateClob(int columnIndex, Reader value) throws SQLException {
        driversOwn.updateClob(columnIndex, value);
    }

    @Override
    public void updateClob(int columnIndex, Clob value) throws SQLException {
        driversOwn.updateClob(columnIndex, value);
    }

    @Override
    public void updateClob(String columnLabel, Reader value, long length) throws SQLException {
        driversOwn.updateClob(columnLabel, value, length);
    }

    @Override
    public void updateClob(int columnIndex, Reader value, long length) throws SQLException {
        driversOwn.updateClob(columnIndex, value, length);
    }

    @Override
    public void updateDate(String columnLabel, Date value) throws SQLException {
        driversOwn.updateDate(columnLabel, value);
    }

    @Override
    public void updateDate(int columnIndex, Date value) throws SQLException {
        driversOwn.updateDate(columnIndex, value);
    }

    @Override
    public void updateDouble(String columnLabel, double value) throws SQLException {
        driversOwn.updateDouble(columnLabel, value);
    }

    @Override
    public void updateDouble(int columnIndex, double value) throws SQLException {
        driversOwn.updateDouble(columnIndex, value);
    }

    @Override
    public void updateFloat(String columnLabel, float value) throws SQLException {
        driversOwn.updateFloat(columnLabel, value);
    }

    @Override
    public void updateFloat(int columnIndex, float value) throws SQLException {
        driversOwn.updateFloat(columnIndex, value);
    }

    @Override
    public void updateInt(String columnLabel, int value) throws SQLException {
        driversOwn.updateInt(columnLabel, value);
    }

    @Override
    public void updateInt(int columnIndex, int value) throws SQLException {
        driversOwn.updateInt(columnIndex, value);
    }

    @Override
    public void updateLong(String columnLabel, long value) throws SQLException {
        driversOwn.updateLong(columnLabel, value);
    }

    @Override
    public void updateLong(int columnIndex, long value) throws SQLException {
        driversOwn.updateLong(columnIndex, value);
    }

    @Override
    public void updateNCharacterStream(String columnLabel, Reader value) throws SQLException {
        driversOwn.updateNCharacterStream(columnLabel, value);
    }

    @Override
    public void updateNCharacterStream(int columnIndex, Reader value) throws SQLException {
        driversOwn.updateNCharacterStream(columnIndex, value);
    }

    @Override
    public void updateNCharacterStream(String columnLabel, Reader value, long length) throws SQLException {
        driversOwn.updateNCharacterStream(columnLabel, value, length);
    }

    @Override
    public void updateNCharacterStream(int columnIndex, Reader value, long length) throws SQLException {
        driversOwn.updateNCharacterStream(columnIndex, value, length);
    }

    @Override
    public void updateNClob(String columnLabel, Reader value) throws SQLException {
        driversOwn.updateNClob(columnLabel, value);
    }

    @Override
    public void updateNClob(String columnLabel, NClob value) throws SQLException {
        driversOwn.updateNClob(columnLabel, value);
    }

    @Override
    public void updateNClob(int columnIndex, Reader value) throws SQLException {
        driversOwn.updateNClob(columnIndex, value);
    }

    @Override
    public void updateNClob(int columnIndex, NClob value) throws SQLException {
        driversOwn.updateNClob(columnIndex, value);
    }

    @Override
    public void updateNClob(String columnLabel, Reader value, long length) throws SQLException {
        driversOwn.updateNClob(columnLabel, value, length);
    }

    @Override
    public void updateNClob(int columnIndex, Reader value, long length) throws SQLException {
        driversOwn.updateNClob(columnIndex, value, length);
    }

    @Override
    public void updateNString(String columnLabel, String value) throws SQLException {
        driversOwn.updateNString(columnLabel, value);
    }

    @Override
    public void updateNString(int columnIndex, String value) throws SQLException {
        driversOwn.updateNString(columnIndex, value);
    }

    @Override
    public void updateNull(String columnLabel) throws SQLException {
        driversOwn.updateNull(columnLabel);
    }

    @Override
    public void updateNull(int columnIndex) throws SQLException {
        driversOwn.updateNull(columnIndex);
    }

    @Override
    public void updateObject(String columnLabel, Object value) throws SQLException {
        driversOwn.updateObject(columnLabel, value);
    }

    @Override
    public void updateObject(int columnIndex, Object value) throws SQLException {
        driversOwn.updateObject(columnIndex, value);
    }

    @Override
    public void updateObject(String columnLabel, Object value, int scaleOrLength) throws SQLException {
        driversOwn.updateObject(columnLabel, value, scaleOrLength);
    }

    @Override
    public void updateObject(String columnLabel, Object value, SQLType targetSqlType) throws SQLException {
        driversOwn.updateObject(columnLabel, value, targetSqlType);
    }

    @Override
    public void updateObject(int columnIndex, Object value, int scaleOrLength) throws SQLException {
        driversOwn.updateObject(columnIndex, value, scaleOrLength);
    }

    @Override
    public void updateObject(int columnIndex, Object value, SQLType targetSqlType) throws SQLException {
        driversOwn.updateObject(columnIndex, value, targetSqlType);
    }

    @Override
    public void updateObject(String columnLabel, Object value, SQLType targetSqlType, int scaleOrLength)
            throws SQLException {
        driversOwn.updateObject(columnLabel, value, targetSqlType, scaleOrLength);
    }

    @Override
    public void updateObject(int columnIndex, Object value, SQLType targetSqlType, int scaleOrLength)
            throws SQLException {
        driversOwn.updateObject(columnIndex, value, targetSqlType, scaleOrLength);
    }

    @Override
    public void updateRef(String columnLabel, Ref value) throws SQLException {
        driversOwn.updateRef(columnLabel, value);
    }

    @Override
    public void updateRef(int columnIndex, Ref value) throws SQLException {
        driversOwn.updateRef(columnIndex, value);
    }

    @Override
    public void updateRowId(String columnLabel, RowId value) throws SQLException {
        driversOwn.updateRowId(columnLabel, value);
    }

    @Override
    public void updateRowId(int columnIndex, RowId value) throws SQLException {
        driversOwn.updateRowId(columnIndex, value);
    }

    @Override
    public void updateSQLXML(String columnLabel, SQLXML value) throws SQLException {
        driversOwn.updateSQLXML(columnLabel, value);
    }

    @Override
    public void updateSQLXML(int columnIndex, SQLXML value) throws SQLException {
        driversOwn.updateSQLXML(columnIndex, value);
    }

    @Override
    public void updateShort(String columnLabel, short value) throws SQLException {
        driversOwn.updateShort(columnLabel, value);
    }

    @Override
    public void updateShort(int columnIndex, short value) throws SQLException {
        driversOwn.updateShort(columnIndex, value);
    }

    @Override
    public void updateString(String columnLabel, String value) throws SQLException {
        driversOwn.updateString(columnLabel, value);
    }

    @Override
    public void updateString(int columnIndex, String value) throws SQLException {
        driversOwn.updateString(columnIndex, value);
    }

    @Override
    public void updateTime(String columnLabel, Time value) throws SQLException {
        driversOwn.updateTime(columnLabel, value);
    }

    @Override
    public void updateTime(int columnIndex, Time value) throws SQLException {
        driversOwn.updateTime(columnIndex, value);
    }

    @Override
    public void updateTimestamp(String columnLabel, Timestamp value) throws SQLException {
        driversOwn.updateTimestamp(columnLabel, value);
    }

    @Override
    public void updateTimestamp(int columnIndex, Timestamp value) throws SQLException {
        driversOwn.updateTimestamp(columnIndex, value);
    }
}
