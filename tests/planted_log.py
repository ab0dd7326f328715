"""The table of the planted high-water poll: changes with ids that are given out before they are committed."""

LOG_TABLE = "planted_log"
# Every change only adds a row to a log, as a table of events would; ids are given out before their commit.
CREATE_LOG = f"""
INSERT INTO articles_pageversion (key, version) VALUES ('*', 0);
CREATE TABLE {LOG_TABLE} (id bigserial PRIMARY KEY, key text NOT NULL);
CREATE FUNCTION planted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN INSERT INTO {LOG_TABLE} (key) VALUES (NEW.key); RETURN NULL; END $$;
CREATE TRIGGER planted BEFORE INSERT ON articles_pageversion FOR EACH ROW EXECUTE FUNCTION planted();
"""
DROP_LOG = f"""
DROP TRIGGER IF EXISTS planted ON articles_pageversion;
DROP FUNCTION IF EXISTS planted();
DROP TABLE IF EXISTS {LOG_TABLE};
"""
