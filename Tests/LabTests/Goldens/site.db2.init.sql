-- db2, a database of shop, written by `tiertop lab`.
-- Each server has its users by itself.
SET SESSION sql_log_bin = 0;
-- What tiertop needs to say how the database is: nothing of the data.
CREATE USER IF NOT EXISTS tiertop@'%' IDENTIFIED BY '25';
GRANT USAGE, SLAVE MONITOR ON *.* TO tiertop@'%';
-- A replica asks for the changes as this one.
CREATE USER IF NOT EXISTS replication@'%' IDENTIFIED BY '25';
GRANT REPLICATION SLAVE ON *.* TO replication@'%';
CREATE USER IF NOT EXISTS application@'%' IDENTIFIED BY '25';
GRANT SELECT, INSERT, UPDATE, DELETE ON site.* TO application@'%';
SET SESSION sql_log_bin = 1;
CHANGE MASTER TO MASTER_HOST = '10.77.4.11', MASTER_PORT = 3306, MASTER_USER = 'replication', MASTER_PASSWORD = '25', MASTER_USE_GTID = slave_pos, MASTER_CONNECT_RETRY = 1;
START SLAVE;
