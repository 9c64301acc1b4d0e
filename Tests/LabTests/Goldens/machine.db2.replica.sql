-- db2, a database of demo, written by `tiertop lab config`.
-- Place: run once, by root
-- Then: mariadb <THIS-FILE
-- Put the passwords in, in quotes, in the place of <PASSWORD-OF-…>: as it is, MariaDB refuses it.
-- Once, after the data of db1 have been copied here (mariadb-backup), and
-- SET GLOBAL gtid_slave_pos = '…' with the position that came with them. Its users come with the data.
CHANGE MASTER TO MASTER_HOST = '10.77.4.11', MASTER_PORT = 3306, MASTER_USER = 'replication', MASTER_PASSWORD = <PASSWORD-OF-replication>, MASTER_USE_GTID = slave_pos, MASTER_CONNECT_RETRY = 10;
START SLAVE;
