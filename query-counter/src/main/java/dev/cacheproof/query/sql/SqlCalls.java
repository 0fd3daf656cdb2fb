package dev.cacheproof.query.sql;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds the calls of functions of which it is not known that they change no table. Known are those that come with H2, PostgreSQL
 * and MySQL and only compute, read, or work on sequences, locks and settings; whoever defines another one of such a name is on
 * his own. Not among them is what runs a text, such as {@code query_to_xml}.
 */
final class SqlCalls {

    /** What stands before parentheses and is no function: words of the grammar, and types with a length. */
    private static final Set<String> NO_FUNCTIONS = words("""
            absent against all and any array as asc between binary by case columns conflict constraint cross cube
            desc distinct div do duplicate else end escape except exists fetch filter final first following for from
            full group grouping having ilike in index inner intersect interval into is isnull join key last lateral like
            limit materialized minus multiset natural not nothing notnull null nulls object of offset on only or order
            ordinality over overlaps partition passing percent preceding qualify recursive regexp repeatable
            return returning rlike rollup row rows select separator set sets similar some sounds straight_join symmetric
            table tablesample then ties to top union unique update use using values when where window with within
            without xmlnamespaces xor zone
            bernoulli bigint bit blob bool boolean bpchar byte bytea char character clob datetime dec decimal double enum fixed
            float float4 float8 int int2 int4 int8 integer large longblob longtext mediumblob mediumint mediumtext national nchar
            nclob number numeric nvarchar nvarchar2 raw real signed smallint text time timestamp timestamptz timetz tinyblob
            tinyint tinytext unsigned varbinary varbit varchar varchar2 varchar_casesensitive varchar_ignorecase varying year
            """);

    private static final Set<String> HARMLESS = words("""
            any_value approx_count_distinct array_agg avg bit_and bit_and_agg bit_nand_agg bit_nor_agg bit_or bit_or_agg bit_xor
            bit_xor_agg bit_xnor_agg bool_and bool_or corr count covar_pop covar_samp cume_dist dense_rank envelope every
            first_value group_concat histogram json_agg json_arrayagg json_object_agg json_objectagg jsonb_agg jsonb_object_agg
            lag last_value lead listagg max median min mode nth_value ntile percent_rank percentile_cont percentile_disc
            range_agg rank ratio_to_report regr_avgx regr_avgy regr_count regr_intercept regr_r2 regr_slope regr_sxx regr_sxy
            regr_syy row_number std stddev stddev_pop stddev_samp string_agg sum var_pop var_samp variance xmlagg

            abs acos acosd acosh asin asind asinh atan atan2 atan2d atand atanh bitand bitcount bitget bitnand bitnor bitnot
            bitor bitxnor bitxor bit_count cbrt ceil ceiling conv cos cosd cosh cot cotd crc32 degrees erf exp expand factorial
            floor gcd lcm ln log log10 log2 lshift luhn mod pi pow power radians rand random random_normal random_uuid
            rotateleft rotateright round roundmagic rshift scale setseed sign sin sind sinh sqrt tan tand tanh trim_scale trunc
            truncate truncate_value ulshift urshift width_bucket zero

            aes_decrypt aes_encrypt ascii base64 bin bit_length btrim bytea char_length character_length chr coalesce collation
            compress concat concat_ws convert convert_from convert_to decode decrypt difference elt encode encrypt export_set
            field find_in_set format from_base64 get_bit get_byte hash hex hextoraw initcap insert instr lcase left length
            load_file locate lower lpad ltrim make_set md5 mid normalize octet_length ord orahash overlay parse_ident position
            quote quote_ident quote_literal quote_nullable random_bytes rawtohex regexp_count regexp_instr regexp_like
            regexp_match regexp_matches regexp_replace regexp_split_to_array regexp_split_to_table regexp_substr repeat replace
            reverse right rpad rtrim set_bit set_byte sha sha1 sha2 sha224 sha256 sha384 sha512 soundex space split_part
            starts_with statement_digest stringdecode stringencode stringtoutf8 strcmp string_to_array string_to_table
            strpos substr substring substring_index to_ascii to_base64 to_bin to_char to_clob to_date to_hex to_number to_oct
            to_timestamp to_timestamp_tz translate trim ucase uncompress uncompressed_length unhex unistr upper utf8tostring
            uuid uuid_short uuid_to_bin bin_to_uuid weight_string xmlattr xmlcdata xmlcomment xmlconcat xmlelement xmlexists
            xmlforest xmlnode xmlparse xmlpi xmlroot xmlserialize xmlstartdoc xmltable xmltext extractvalue updatexml xpath
            xpath_exists xml_is_well_formed

            add_months adddate addtime age clock_timestamp convert_tz curdate current_date current_time current_timestamp
            curtime date date_add date_bin date_diff date_format date_part date_sub date_trunc dateadd datediff day day_name
            day_of_month day_of_week day_of_year dayname dayofmonth dayofweek dayofyear epoch extract formatdatetime from_days
            from_unixtime get_format getdate hour isfinite iso_day_of_week iso_week iso_year justify_days justify_hours
            justify_interval last_day localtime localtimestamp make_date make_interval make_time make_timestamp
            make_timestamptz makedate maketime microsecond minute month month_name monthname months_between now parsedatetime
            period_add period_diff quarter sec_to_time second statement_timestamp str_to_date subdate subtime sysdate
            systimestamp time_format time_to_sec timediff timeofday timestampadd timestampdiff timezone to_days to_seconds
            today transaction_timestamp unix_timestamp utc_date utc_time utc_timestamp week week_of_year weekday weekofyear
            yearweek

            array_append array_cat array_contains array_dims array_fill array_get array_length array_lower
            array_max_cardinality array_ndims array_position array_positions array_prepend array_remove array_replace
            array_sample array_shuffle array_slice array_to_json array_to_string array_upper cardinality generate_series
            generate_subscripts int4range int8range numrange tsrange tstzrange daterange isempty lower_inc lower_inf
            upper_inc upper_inf range_merge system_range trim_array unnest

            json_array json_array_append json_array_elements json_array_elements_text json_array_insert json_array_length
            json_build_array json_build_object json_contains json_contains_path json_depth json_each json_each_text json_exists
            json_extract json_extract_path json_extract_path_text json_insert json_keys json_length json_merge_patch
            json_merge_preserve json_object json_object_keys json_overlaps json_populate_record json_populate_recordset
            json_pretty json_query json_quote json_remove json_replace json_scalar json_schema_valid json_search json_serialize
            json_set json_storage_size json_strip_nulls json_table json_to_record json_to_recordset json_type json_typeof
            json_unquote json_valid json_value jsonb_array_elements jsonb_array_elements_text jsonb_array_length
            jsonb_build_array jsonb_build_object jsonb_each jsonb_each_text jsonb_exists jsonb_exists_all jsonb_exists_any
            jsonb_extract_path jsonb_extract_path_text jsonb_insert jsonb_object jsonb_object_keys jsonb_path_exists
            jsonb_path_match jsonb_path_query jsonb_path_query_array jsonb_path_query_first jsonb_populate_record
            jsonb_populate_recordset jsonb_pretty jsonb_set jsonb_set_lax jsonb_strip_nulls jsonb_to_record jsonb_to_recordset
            jsonb_typeof row_to_json to_json to_jsonb hstore

            array_to_tsvector get_current_ts_config match numnode phraseto_tsquery plainto_tsquery querytree setweight
            similarity strict_word_similarity strip to_tsquery to_tsvector ts_debug ts_delete ts_filter ts_headline ts_rank
            ts_rank_cd ts_rewrite tsvector_to_array websearch_to_tsquery word_similarity unaccent gen_random_uuid

            casewhen cast default greatest if ifnull iif least member memory_free memory_used nullif nvl nvl2 decode try_cast
            row_count found_rows benchmark sleep pg_sleep charset coercibility connection_id database current_catalog
            current_database current_path current_query current_role current_schema current_schemas current_setting
            current_user inet_client_addr inet_server_addr lock_mode lock_timeout schema session_id session_user system_user
            user version set_config pg_backend_pid pg_client_encoding pg_column_size pg_database_size pg_get_constraintdef
            pg_get_expr pg_get_functiondef pg_get_indexdef pg_get_keywords pg_get_serial_sequence pg_get_userbyid pg_get_viewdef
            pg_indexes_size pg_input_is_valid pg_is_in_recovery pg_relation_size pg_size_pretty pg_table_is_visible
            pg_table_size pg_tablespace_size pg_total_relation_size pg_type_is_visible pg_typeof obj_description
            col_description shobj_description format_type to_regclass to_regproc to_regtype has_any_column_privilege
            has_column_privilege has_database_privilege has_schema_privilege has_sequence_privilege has_table_privilege
            pg_has_role txid_current txid_current_if_assigned pg_current_xact_id pg_current_wal_lsn pg_last_xact_replay_timestamp
            pg_notify pg_blocking_pids pg_advisory_lock pg_advisory_lock_shared pg_advisory_unlock pg_advisory_unlock_all
            pg_advisory_unlock_shared pg_advisory_xact_lock pg_advisory_xact_lock_shared pg_try_advisory_lock
            pg_try_advisory_lock_shared pg_try_advisory_xact_lock pg_try_advisory_xact_lock_shared get_lock is_free_lock
            is_used_lock release_lock release_all_locks last_insert_id lastval currval nextval setval identity scope_identity
            csvread file_read inet_aton inet_ntoa inet6_aton inet6_ntoa is_ipv4 is_ipv6 is_uuid host network netmask broadcast
            family masklen grouping name_const
            st_area st_asbinary st_asgeojson st_astext st_buffer st_centroid st_contains st_distance st_distance_sphere
            st_dwithin st_envelope st_geomfromgeojson st_geomfromtext st_intersection st_intersects st_isvalid st_length
            st_makeenvelope st_makepoint st_point st_setsrid st_srid st_transform st_union st_within st_x st_y
            """);

    private final SqlTokens tokens;

    SqlCalls(SqlTokens tokens) {
        this.tokens = tokens;
    }

    private static Set<String> words(String text) {
        return Set.copyOf(List.of(text.strip().split("\\s+", 0)));
    }

    /**
     * Returns the function that is called with a parenthesis; null if there is none, or one that changes no table.
     *
     * @param open where the parenthesis opens
     * @param behindTable whether an alias may stand before it, so that the parentheses have the names of its columns
     */
    @Nullable
    String unknownAt(int open, boolean behindTable) {
        SqlToken name = tokens.get(open - 1);
        if (!name.isName()) {
            return null;
        }
        int first = open - 1;
        while (tokens.get(first - 1).is('.') && tokens.get(first - 2).isName()) {
            first -= 2;
        }
        SqlToken before = tokens.get(first - 1);
        boolean alias = before.is("as")
                || before.is("tablesample")
                || before.is("ordinality")
                || (behindTable && before.is(')'));
        boolean type = before.is(':') && before.end() - before.start() == 2;
        return alias || type || isHarmless(name, first, open) ? null : tokens.name(first, open);
    }

    private boolean isHarmless(SqlToken name, int first, int open) {
        if (name.type() != SqlToken.Type.WORD) {
            return false;
        }
        String word = tokens.text(name).toLowerCase(Locale.ROOT);
        return first == open - 1
                ? NO_FUNCTIONS.contains(word) || HARMLESS.contains(word)
                : first == open - 3 && tokens.get(first).is("pg_catalog") && HARMLESS.contains(word);
    }
}
