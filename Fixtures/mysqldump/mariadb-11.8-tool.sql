/*M!999999\- enable the sandbox mode */ 
-- MariaDB dump 10.20-11.8.9-MariaDB, for debian-linux-gnu (x86_64)
--
-- Host: localhost    Database: shop
-- ------------------------------------------------------
-- Server version	11.8.9-MariaDB-0+deb13u1 from Debian-log

/*!40101 SET @OLD_CHARACTER_SET_CLIENT=@@CHARACTER_SET_CLIENT */;
/*!40101 SET @OLD_CHARACTER_SET_RESULTS=@@CHARACTER_SET_RESULTS */;
/*!40101 SET @OLD_COLLATION_CONNECTION=@@COLLATION_CONNECTION */;
/*!40101 SET NAMES utf8mb4 */;
/*!40103 SET @OLD_TIME_ZONE=@@TIME_ZONE */;
/*!40103 SET TIME_ZONE='+00:00' */;
/*!40014 SET @OLD_UNIQUE_CHECKS=@@UNIQUE_CHECKS, UNIQUE_CHECKS=0 */;
/*!40014 SET @OLD_FOREIGN_KEY_CHECKS=@@FOREIGN_KEY_CHECKS, FOREIGN_KEY_CHECKS=0 */;
/*!40101 SET @OLD_SQL_MODE=@@SQL_MODE, SQL_MODE='NO_AUTO_VALUE_ON_ZERO' */;
/*M!100616 SET @OLD_NOTE_VERBOSITY=@@NOTE_VERBOSITY, NOTE_VERBOSITY=0 */;
-- CHANGE MASTER TO MASTER_USE_GTID=slave_pos;

-- A corresponding to the above master-data CHANGE-MASTER settings to the slave gtid state is printed later in the file.

--
-- Alternately, following is the position of the binary logging from SHOW MASTER STATUS at point of backup.
-- Use this when creating a slave of the master server where the backup was made.
-- The new server will be connecting to the master server where the backup was taken.
--

-- CHANGE MASTER TO MASTER_LOG_FILE='binlog.000001', MASTER_LOG_POS=8068;

--
-- Current Database: `shop`
--

USE `shop`;

--
-- Sequence structure for `seq`
--

CREATE SEQUENCE `seq` start with 1 minvalue 1 maxvalue 9223372036854775806 increment by 1 cache 1000 nocycle ENGINE=InnoDB;
DO SETVAL(`seq`, 1, 0);

--
-- Table structure for table `a``b'c"d;e`
--

/*!40101 SET @saved_cs_client     = @@character_set_client */;
/*!40101 SET character_set_client = utf8mb4 */;
CREATE TABLE `a``b'c"d;e` (
  `k``ey` int(11) NOT NULL,
  `v,)(;` text DEFAULT NULL COMMENT 'it''s; a \\ comment',
  PRIMARY KEY (`k``ey`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_uca1400_ai_ci;
/*!40101 SET character_set_client = @saved_cs_client */;

--
-- Dumping data for table `a``b'c"d;e`
--

SET @OLD_AUTOCOMMIT=@@AUTOCOMMIT, @@AUTOCOMMIT=0;
INSERT INTO `a``b'c"d;e` (`k``ey`, `v,)(;`) VALUES (1,'x'),
(2,'y');
COMMIT;
SET AUTOCOMMIT=@OLD_AUTOCOMMIT;

--
-- Table structure for table `empty`
--

/*!40101 SET @saved_cs_client     = @@character_set_client */;
/*!40101 SET character_set_client = utf8mb4 */;
CREATE TABLE `empty` (
  `id` int(11) NOT NULL,
  PRIMARY KEY (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_uca1400_ai_ci;
/*!40101 SET character_set_client = @saved_cs_client */;

--
-- Dumping data for table `empty`
--

SET @OLD_AUTOCOMMIT=@@AUTOCOMMIT, @@AUTOCOMMIT=0;
COMMIT;
SET AUTOCOMMIT=@OLD_AUTOCOMMIT;

--
-- Table structure for table `extra`
--

/*!40101 SET @saved_cs_client     = @@character_set_client */;
/*!40101 SET character_set_client = utf8mb4 */;
CREATE TABLE `extra` (
  `id` int(11) NOT NULL,
  `i6` inet6 DEFAULT NULL,
  `cv` varchar(300) /*M!100301 COMPRESSED*/ DEFAULT NULL,
  PRIMARY KEY (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_uca1400_ai_ci;
/*!40101 SET character_set_client = @saved_cs_client */;

--
-- Dumping data for table `extra`
--

SET @OLD_AUTOCOMMIT=@@AUTOCOMMIT, @@AUTOCOMMIT=0;
INSERT INTO `extra` (`id`, `i6`, `cv`) VALUES (1,'::1','abc\'abc\'abc\'abc\'abc\'abc\'abc\'abc\'abc\'abc\'abc\'abc\'abc\'abc\'abc\'abc\'abc\'abc\'abc\'abc\'abc\'abc\'abc\'abc\'abc\'abc\'abc\'abc\'abc\'abc\'abc\'abc\'abc\'abc\'abc\'abc\'abc\'abc\'abc\'abc\'abc\'abc\'abc\'abc\'abc\'abc\'abc\'abc\'abc\'abc\'abc\'abc\'abc\'abc\'abc\'abc\'abc\'abc\'abc\'abc\'');
COMMIT;
SET AUTOCOMMIT=@OLD_AUTOCOMMIT;

--
-- Table structure for table `gen`
--

/*!40101 SET @saved_cs_client     = @@character_set_client */;
/*!40101 SET character_set_client = utf8mb4 */;
CREATE TABLE `gen` (
  `a` int(11) NOT NULL,
  `b` int(11) GENERATED ALWAYS AS (`a` + 1) STORED,
  `c` varchar(9) DEFAULT 'x',
  `d` int(11) GENERATED ALWAYS AS (`a` * 2) VIRTUAL,
  PRIMARY KEY (`a`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_uca1400_ai_ci;
/*!40101 SET character_set_client = @saved_cs_client */;

--
-- Dumping data for table `gen`
--

SET @OLD_AUTOCOMMIT=@@AUTOCOMMIT, @@AUTOCOMMIT=0;
INSERT INTO `gen` (`a`, `b`, `c`, `d`) VALUES (1,2,'one',2),
(2,3,NULL,4);
COMMIT;
SET AUTOCOMMIT=@OLD_AUTOCOMMIT;

--
-- Table structure for table `kinds`
--

/*!40101 SET @saved_cs_client     = @@character_set_client */;
/*!40101 SET character_set_client = utf8mb4 */;
CREATE TABLE `kinds` (
  `id` bigint(20) unsigned NOT NULL,
  `ti` tinyint(4) DEFAULT NULL,
  `de` decimal(20,5) DEFAULT NULL,
  `dbl` double DEFAULT NULL,
  `bi` bit(10) DEFAULT NULL,
  `c` char(4) DEFAULT NULL,
  `vb` varbinary(40) DEFAULT NULL,
  `bn` binary(4) DEFAULT NULL,
  `bl` blob DEFAULT NULL,
  `tx` text DEFAULT NULL,
  `la` varchar(40) CHARACTER SET latin1 COLLATE latin1_swedish_ci DEFAULT NULL,
  `gb` varchar(40) CHARACTER SET gbk COLLATE gbk_chinese_ci DEFAULT NULL,
  `sj` varchar(40) CHARACTER SET sjis COLLATE sjis_japanese_ci DEFAULT NULL,
  `en` enum('a','it''s','ü') DEFAULT NULL,
  `st` set('x','y','z') DEFAULT NULL,
  `d` date DEFAULT NULL,
  `dt` datetime(6) DEFAULT NULL,
  `ts` timestamp(3) NULL DEFAULT NULL,
  `tm` time(2) DEFAULT NULL,
  `yr` year(4) DEFAULT NULL,
  `js` longtext CHARACTER SET utf8mb4 COLLATE utf8mb4_bin DEFAULT NULL CHECK (json_valid(`js`)),
  `g` point DEFAULT NULL,
  `zf` int(6) unsigned zerofill DEFAULT NULL,
  PRIMARY KEY (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_uca1400_ai_ci;
/*!40101 SET character_set_client = @saved_cs_client */;

--
-- Dumping data for table `kinds`
--

SET @OLD_AUTOCOMMIT=@@AUTOCOMMIT, @@AUTOCOMMIT=0;
INSERT INTO `kinds` (`id`, `ti`, `de`, `dbl`, `bi`, `c`, `vb`, `bn`, `bl`, `tx`, `la`, `gb`, `sj`, `en`, `st`, `d`, `dt`, `ts`, `tm`, `yr`, `js`, `g`, `zf`) VALUES (0,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL),
(1,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL),
(2,NULL,NULL,-5e-324,NULL,NULL,NULL,NULL,0x00FF2700FF2700FF2700FF2700FF2700FF2700FF2700FF2700FF2700FF2700FF2700FF2700FF2700FF2700FF2700FF2700FF2700FF2700FF2700FF2700FF2700FF2700FF2700FF2700FF2700FF2700FF2700FF2700FF2700FF27,'',NULL,NULL,NULL,NULL,NULL,'0000-00-00','2026-00-00 00:00:00.000000','0000-00-00 00:00:00.000',NULL,NULL,NULL,NULL,NULL),
(3,NULL,NULL,1e-20,NULL,NULL,NULL,NULL,NULL,'); INSERT INTO `x` VALUES (1); -- Dump completed',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL),
(18446744073709551615,-128,-1234567890.12300,1.7976931348623157e308,0x0201,'ab',0x00270A5C,0x01000000,'','it\'s; -- \"q\"\n\r	\\\0\Z`end` ),(ü%_','Grüße','中文','表示ソ','it\'s','x,z','2026-01-02','2026-01-02 03:04:05.678901','2026-01-02 01:04:05.678','-838:59:59.00',2026,'{\"a\": [1, \"it\'s \\\\ \\n ü\", null]}',0x000000000101000000000000000000F03F0000000000000040,000042);
COMMIT;
SET AUTOCOMMIT=@OLD_AUTOCOMMIT;

--
-- Table structure for table `parts`
--

/*!40101 SET @saved_cs_client     = @@character_set_client */;
/*!40101 SET character_set_client = utf8mb4 */;
CREATE TABLE `parts` (
  `id` int(11) NOT NULL,
  `v` varchar(10) DEFAULT NULL,
  `hid` int(11) DEFAULT 5 INVISIBLE,
  PRIMARY KEY (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_uca1400_ai_ci
 PARTITION BY HASH (`id`)
PARTITIONS 2;
/*!40101 SET character_set_client = @saved_cs_client */;

--
-- Dumping data for table `parts`
--

SET @OLD_AUTOCOMMIT=@@AUTOCOMMIT, @@AUTOCOMMIT=0;
INSERT INTO `parts` (`id`, `v`, `hid`) VALUES (2,'q',5),
(1,'p',5),
(3,'r',5);
COMMIT;
SET AUTOCOMMIT=@OLD_AUTOCOMMIT;

--
-- Table structure for table `versioned`
--

/*!40101 SET @saved_cs_client     = @@character_set_client */;
/*!40101 SET character_set_client = utf8mb4 */;
CREATE TABLE `versioned` (
  `id` int(11) NOT NULL,
  `v` int(11) DEFAULT NULL,
  PRIMARY KEY (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_uca1400_ai_ci WITH SYSTEM VERSIONING;
/*!40101 SET character_set_client = @saved_cs_client */;

--
-- Dumping data for table `versioned`
--

SET @OLD_AUTOCOMMIT=@@AUTOCOMMIT, @@AUTOCOMMIT=0;
INSERT INTO `versioned` (`id`, `v`) VALUES (1,2);
COMMIT;
SET AUTOCOMMIT=@OLD_AUTOCOMMIT;

--
-- Current Database: `od``d`
--

USE `od``d`;

--
-- Table structure for table `t`
--

/*!40101 SET @saved_cs_client     = @@character_set_client */;
/*!40101 SET character_set_client = utf8mb4 */;
CREATE TABLE `t` (
  `id` int(11) NOT NULL,
  `x` varchar(20) DEFAULT NULL,
  PRIMARY KEY (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_uca1400_ai_ci COMMENT='trailing; comment';
/*!40101 SET character_set_client = @saved_cs_client */;

--
-- Dumping data for table `t`
--

SET @OLD_AUTOCOMMIT=@@AUTOCOMMIT, @@AUTOCOMMIT=0;
INSERT INTO `t` (`id`, `x`) VALUES (-8,'-- Dump completed'),
(7,'sieben');
COMMIT;
SET AUTOCOMMIT=@OLD_AUTOCOMMIT;

-- The deferred gtid setting for slave corresponding to the master-data CHANGE-MASTER follows

-- Preferably use GTID to start replication from GTID position:

-- SET GLOBAL gtid_slave_pos='3-28150-2,0-28150-24';
/*!40103 SET TIME_ZONE=@OLD_TIME_ZONE */;

/*!40101 SET SQL_MODE=@OLD_SQL_MODE */;
/*!40014 SET FOREIGN_KEY_CHECKS=@OLD_FOREIGN_KEY_CHECKS */;
/*!40014 SET UNIQUE_CHECKS=@OLD_UNIQUE_CHECKS */;
/*!40101 SET CHARACTER_SET_CLIENT=@OLD_CHARACTER_SET_CLIENT */;
/*!40101 SET CHARACTER_SET_RESULTS=@OLD_CHARACTER_SET_RESULTS */;
/*!40101 SET COLLATION_CONNECTION=@OLD_COLLATION_CONNECTION */;
/*M!100616 SET NOTE_VERBOSITY=@OLD_NOTE_VERBOSITY */;

-- Dump completed on 2026-11-25 20:57:01
