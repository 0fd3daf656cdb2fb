package dev.cacheproof.query.sql;

import static dev.cacheproof.query.sql.SqlKind.DDL;
import static dev.cacheproof.query.sql.SqlKind.DELETE;
import static dev.cacheproof.query.sql.SqlKind.INSERT;
import static dev.cacheproof.query.sql.SqlKind.READ;
import static dev.cacheproof.query.sql.SqlKind.UPDATE;
import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLSyntaxErrorException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Has a database execute each statement, and compares what that did with the kind that was found. */
class SqlOnDatabaseTests {

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
                    READ        | select * from item where id in (1, 2, 3)
                    READ        | (select id from item) union (select 2) order by 1
                    READ        | ((select 1))
                    READ        | select * from item for update
                    READ        | with recursive n(i) as (select 1 union all select i + 1 from n where i < 5) select * from n
                    READ        | values (1, 'a'), (2, 'b')
                    READ        | values 1, 2
                    READ        | table item
                    READ        | /* a /* b */ c */ select 1 -- d
                    READ        | -- delete\\r\\nselect 1
                    READ        | -- delete\\rselect 1
                    READ        | select $$it's; delete from item$$, U&'\\0061', X'ff', 0xFF, .5, 1e-5
                    READ        | select 'a\\', 'b' from item where name like '%\\%' escape '\\'
                    READ        | select insert('abc', 1, 2, 'x'), replace('a', 'b', 'c')
                    READ        | select extract(year from date '2020-01-01'), substring(name from 2), trim(both from name) from item
                    READ        | select nth_value(name, 2) from first over (order by id) from item
                    READ        | select * from item i left join (item j cross join item k) on i.id is distinct from j.id
                    READ        | select * from system_range(1, 3), unnest(array[1, 2]) with ordinality as u(a, b), item
                    READ        | select * from item where (id, name) in ((1, 'a'), (-2, null))
                    INSERT      | insert into item (name) values ('x'), ('it''s; delete from item')
                    INSERT      | insert into "ITEM" (name) select name from item where id = 1
                    INSERT      | insert into item (name) table item_name
                    INSERT      | insert into item set name = 'x'
                    INSERT      | insert into item default values
                    INSERT      | insert into item (name) with n as (select 'x') select * from n
                    INSERT      | select id from final table (insert into item (name) values ('x'))
                    UPDATE      | update item set name = 'x' where id = 1
                    UPDATE      | update item as i set (name) = (select concat('x', max(name)) from item) where id = 1
                    UPDATE      | select name from old table (update item set name = 'x')
                    DELETE      | delete from item where id in (1, 2)
                    DELETE      | delete from public.item i where exists (select 1 from item)
                    DELETE      | select * from old table (delete from item where id = 1)
                    MERGE       | merge into item (id, name) key (id) values (1, 'x'), (9, 'y')
                    MERGE       | merge into item using item_name s on name = s.n when not matched then insert (name) values (s.n)
                    MERGE       | merge into item using (table item_name) s on true when matched then delete
                    DDL         | truncate table item
                    DDL         | create table copy as select * from item
                    DDL         | create or replace view v as select * from item
                    DDL         | create index i on item (name)
                    DDL         | alter table item add column x int default 7
                    DDL         | drop table item
                    DDL         | create alias f as $$ int f() { return 1; } $$
                    DDL         | comment on table item is 'x'
                    DDL         | grant select on item to public
                    SESSION     | set lock_timeout 1000
                    SESSION     | set @x = (select max(id) from item)
                    SESSION     | show tables
                    CALL        | call 1 + 1
                    CALL        | {call abs(-1)}
                    CALL        | execute immediate 'delete from item'
                    TRANSACTION | begin
                    TRANSACTION | savepoint s
                    TRANSACTION | commit work
                    TRANSACTION | rollback
                    OTHER       | explain delete from item
                    OTHER       | analyze
                    OTHER       | checkpoint
                    """)
    void kindIsWhatTheDatabaseDoes(SqlKind kind, String text) throws SQLException {
        String sql = text.replace("\\r", "\r").replace("\\n", "\n");
        try (Connection connection = DriverManager.getConnection("jdbc:h2:mem:");
                Statement statement = connection.createStatement()) {
            statement.execute("create table item (id int primary key auto_increment, name varchar(50))");
            statement.execute("insert into item (name) values ('a'), ('b'), ('c'), ('d'), ('e')");
            statement.execute("create table item_name as select * from (values ('a'), ('z')) v(n)");
            List<String> rows = rows(statement);
            List<String> definitions = definitions(statement);

            boolean answers = statement.execute(sql);

            assertThat(SqlShape.parse(sql).statements())
                    .extracting(SqlStatement::kind)
                    .containsExactly(kind);
            assertThat(effect(rows, rows(statement))).isIn(effects(kind));
            assertThat(definitions(statement).equals(definitions)).isEqualTo(kind != DDL || sql.startsWith("truncate"));
            assertThat(answers || kind != READ).isTrue();
        }
    }

    private static List<String> rows(Statement statement) throws SQLException {
        try {
            return column(statement, "select id || ':' || coalesce(name, '') from item order by id");
        } catch (SQLSyntaxErrorException dropped) {
            return List.of();
        }
    }

    private static List<String> definitions(Statement statement) throws SQLException {
        return column(statement, "script nodata nosettings").stream()
                .filter(line -> !line.startsWith("--")) // how many rows there are
                .map(line -> line.replaceAll(" ?(RESTART WITH|SELECTIVITY) \\d+", ""))
                .toList();
    }

    private static List<String> column(Statement statement, String sql) throws SQLException {
        List<String> column = new ArrayList<>();
        try (ResultSet answer = statement.executeQuery(sql)) {
            while (answer.next()) {
                column.add(answer.getString(1));
            }
        }
        return column;
    }

    private static SqlKind effect(List<String> before, List<String> after) {
        int more = after.size() - before.size();
        return more > 0 ? INSERT : more < 0 ? DELETE : after.equals(before) ? READ : UPDATE;
    }

    private static Set<SqlKind> effects(SqlKind kind) {
        return switch (kind) {
            case INSERT, UPDATE, DELETE -> Set.of(kind);
            case MERGE -> Set.of(INSERT, UPDATE, DELETE);
            case DDL, CALL -> Set.of(READ, DELETE);
            default -> Set.of(READ);
        };
    }
}
