-- db1, a database of demo, written by `tiertop lab config`.
-- Place: run once, by root
-- Then: mariadb <THIS-FILE
-- Put the passwords in, in quotes, in the place of <PASSWORD-OF-…>: as it is, MariaDB refuses it.
-- Narrow '%' to the addresses that these users come from, where you can: '10.77.4.%'.
-- What tiertop needs to say how the database is: nothing of the data.
CREATE USER IF NOT EXISTS tiertop@'%' IDENTIFIED BY <PASSWORD-OF-tiertop>;
GRANT USAGE, SLAVE MONITOR ON *.* TO tiertop@'%';
-- A replica asks for the changes as this one.
CREATE USER IF NOT EXISTS replication@'%' IDENTIFIED BY <PASSWORD-OF-replication>;
GRANT REPLICATION SLAVE ON *.* TO replication@'%';
