-- MySQL dump 10.13  Distrib 9.7.4, for Linux (x86_64)
--
-- Host: localhost    Database: shop
-- ------------------------------------------------------
-- Server version	9.7.4-2

/*!40101 SET @OLD_CHARACTER_SET_CLIENT=@@CHARACTER_SET_CLIENT */;
/*!40101 SET @OLD_CHARACTER_SET_RESULTS=@@CHARACTER_SET_RESULTS */;
/*!40101 SET @OLD_COLLATION_CONNECTION=@@COLLATION_CONNECTION */;
/*!50503 SET NAMES utf8mb4 */;
/*!40103 SET @OLD_TIME_ZONE=@@TIME_ZONE */;
/*!40103 SET TIME_ZONE='+00:00' */;
/*!40014 SET @OLD_UNIQUE_CHECKS=@@UNIQUE_CHECKS, UNIQUE_CHECKS=0 */;
/*!40014 SET @OLD_FOREIGN_KEY_CHECKS=@@FOREIGN_KEY_CHECKS, FOREIGN_KEY_CHECKS=0 */;
/*!40101 SET @OLD_SQL_MODE=@@SQL_MODE, SQL_MODE='NO_AUTO_VALUE_ON_ZERO' */;
/*!40111 SET @OLD_SQL_NOTES=@@SQL_NOTES, SQL_NOTES=0 */;
SET @MYSQLDUMP_TEMP_LOG_BIN = @@SESSION.SQL_LOG_BIN;
SET @@SESSION.SQL_LOG_BIN= 0;

--
-- GTID state at the beginning of the backup 
--

SET @@GLOBAL.GTID_PURGED=/*!80000 '+'*/ '8e9c9e6c-1111-11ee-a0a0-000000000001:7:mytag:1,
8e9c9e6c-2222-11ee-a0a0-000000000002:1,
bac21325-e912-11f1-9e42-02fc00000001:1-22:auto:1-2';

--
-- Position to start replication or point-in-time recovery from
--

-- CHANGE REPLICATION SOURCE TO SOURCE_LOG_FILE='binlog.000001', SOURCE_LOG_POS=8858;

--
-- Current Database: `shop`
--

USE `shop`;

--
-- Table structure for table `a``b'c"d;e`
--

/*!40101 SET @saved_cs_client     = @@character_set_client */;
/*!50503 SET character_set_client = utf8mb4 */;
CREATE TABLE `a``b'c"d;e` (
  `k``ey` int NOT NULL,
  `v,)(;` text COMMENT 'it''s; a \\ comment',
  PRIMARY KEY (`k``ey`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_0900_ai_ci;
/*!40101 SET character_set_client = @saved_cs_client */;

--
-- Dumping data for table `a``b'c"d;e`
--

INSERT INTO `a``b'c"d;e` (`k``ey`, `v,)(;`) VALUES (1,'x'),(2,'y');

--
-- Table structure for table `empty`
--

/*!40101 SET @saved_cs_client     = @@character_set_client */;
/*!50503 SET character_set_client = utf8mb4 */;
CREATE TABLE `empty` (
  `id` int NOT NULL,
  PRIMARY KEY (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_0900_ai_ci;
/*!40101 SET character_set_client = @saved_cs_client */;

--
-- Dumping data for table `empty`
--


--
-- Table structure for table `extra`
--

/*!40101 SET @saved_cs_client     = @@character_set_client */;
/*!50503 SET character_set_client = utf8mb4 */;
CREATE TABLE `extra` (
  `id` int NOT NULL,
  `ve` vector(3) DEFAULT NULL,
  `mp` geometry /*!80003 SRID 4326 */ DEFAULT NULL,
  PRIMARY KEY (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_0900_ai_ci;
/*!40101 SET character_set_client = @saved_cs_client */;

--
-- Dumping data for table `extra`
--

INSERT INTO `extra` (`id`, `ve`, `mp`) VALUES (1,0x0000803F00002040000040C0,NULL);

--
-- Table structure for table `gen`
--

/*!40101 SET @saved_cs_client     = @@character_set_client */;
/*!50503 SET character_set_client = utf8mb4 */;
CREATE TABLE `gen` (
  `a` int NOT NULL,
  `b` int GENERATED ALWAYS AS ((`a` + 1)) STORED,
  `c` varchar(9) DEFAULT 'x',
  `d` int GENERATED ALWAYS AS ((`a` * 2)) VIRTUAL,
  PRIMARY KEY (`a`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_0900_ai_ci;
/*!40101 SET character_set_client = @saved_cs_client */;

--
-- Dumping data for table `gen`
--

INSERT INTO `gen` (`a`, `c`) VALUES (1,'one'),(2,NULL);

--
-- Table structure for table `gipk`
--

/*!40101 SET @saved_cs_client     = @@character_set_client */;
/*!50503 SET character_set_client = utf8mb4 */;
CREATE TABLE `gipk` (
  `my_row_id` bigint unsigned NOT NULL AUTO_INCREMENT /*!80023 INVISIBLE */,
  `v` varchar(5) DEFAULT NULL,
  PRIMARY KEY (`my_row_id`)
) ENGINE=InnoDB AUTO_INCREMENT=3 DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_0900_ai_ci;
/*!40101 SET character_set_client = @saved_cs_client */;

--
-- Dumping data for table `gipk`
--

INSERT INTO `gipk` (`my_row_id`, `v`) VALUES (1,'a'),(2,'b');

--
-- Table structure for table `kinds`
--

/*!40101 SET @saved_cs_client     = @@character_set_client */;
/*!50503 SET character_set_client = utf8mb4 */;
CREATE TABLE `kinds` (
  `id` bigint unsigned NOT NULL,
  `ti` tinyint DEFAULT NULL,
  `de` decimal(20,5) DEFAULT NULL,
  `dbl` double DEFAULT NULL,
  `bi` bit(10) DEFAULT NULL,
  `c` char(4) DEFAULT NULL,
  `vb` varbinary(40) DEFAULT NULL,
  `bn` binary(4) DEFAULT NULL,
  `bl` blob,
  `tx` text,
  `la` varchar(40) CHARACTER SET latin1 COLLATE latin1_swedish_ci DEFAULT NULL,
  `gb` varchar(40) CHARACTER SET gbk COLLATE gbk_chinese_ci DEFAULT NULL,
  `sj` varchar(40) CHARACTER SET sjis COLLATE sjis_japanese_ci DEFAULT NULL,
  `en` enum('a','it''s','ü') DEFAULT NULL,
  `st` set('x','y','z') DEFAULT NULL,
  `d` date DEFAULT NULL,
  `dt` datetime(6) DEFAULT NULL,
  `ts` timestamp(3) NULL DEFAULT NULL,
  `tm` time(2) DEFAULT NULL,
  `yr` year DEFAULT NULL,
  `js` json DEFAULT NULL,
  `g` point DEFAULT NULL,
  `zf` int(6) unsigned zerofill DEFAULT NULL,
  PRIMARY KEY (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_0900_ai_ci;
/*!40101 SET character_set_client = @saved_cs_client */;

--
-- Dumping data for table `kinds`
--

INSERT INTO `kinds` (`id`, `ti`, `de`, `dbl`, `bi`, `c`, `vb`, `bn`, `bl`, `tx`, `la`, `gb`, `sj`, `en`, `st`, `d`, `dt`, `ts`, `tm`, `yr`, `js`, `g`, `zf`) VALUES (0,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL),(1,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL),(2,NULL,NULL,-5e-324,NULL,NULL,NULL,NULL,0x00FF2700FF2700FF2700FF2700FF2700FF2700FF2700FF2700FF2700FF2700FF2700FF2700FF2700FF2700FF2700FF2700FF2700FF2700FF2700FF2700FF2700FF2700FF2700FF2700FF2700FF2700FF2700FF2700FF2700FF27,'',NULL,NULL,NULL,NULL,NULL,'0000-00-00','2026-00-00 00:00:00.000000','0000-00-00 00:00:00.000',NULL,NULL,NULL,NULL,NULL),(3,NULL,NULL,1e-20,NULL,NULL,NULL,NULL,NULL,'); INSERT INTO `x` VALUES (1); -- Dump completed',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL),(18446744073709551615,-128,-1234567890.12300,1.7976931348623157e308,0x0201,'ab',0x00270A5C,0x01000000,'','it\'s; -- \"q\"\n\r	\\\0\Z`end` ),(ü%_','Grüße','中文','表示ソ','it\'s','x,z','2026-01-02','2026-01-02 03:04:05.678901','2026-01-02 01:04:05.678','-838:59:59.00',2026,'{\"a\": [1, \"it\'s \\\\ \\n ü\", null]}',0x000000000101000000000000000000F03F0000000000000040,000042);

--
-- Table structure for table `parts`
--

/*!40101 SET @saved_cs_client     = @@character_set_client */;
/*!50503 SET character_set_client = utf8mb4 */;
CREATE TABLE `parts` (
  `id` int NOT NULL,
  `v` varchar(10) DEFAULT NULL,
  `hid` int DEFAULT '5' /*!80023 INVISIBLE */,
  PRIMARY KEY (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_0900_ai_ci
/*!50100 PARTITION BY HASH (`id`)
PARTITIONS 2 */;
/*!40101 SET character_set_client = @saved_cs_client */;

--
-- Dumping data for table `parts`
--

INSERT INTO `parts` (`id`, `v`, `hid`) VALUES (2,'q',5),(1,'p',5),(3,'r',5);

--
-- Current Database: `od``d`
--

USE `od``d`;

--
-- Table structure for table `t`
--

/*!40101 SET @saved_cs_client     = @@character_set_client */;
/*!50503 SET character_set_client = utf8mb4 */;
CREATE TABLE `t` (
  `id` int NOT NULL,
  `x` varchar(20) DEFAULT NULL,
  PRIMARY KEY (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_0900_ai_ci COMMENT='trailing; comment';
/*!40101 SET character_set_client = @saved_cs_client */;

--
-- Dumping data for table `t`
--

INSERT INTO `t` (`id`, `x`) VALUES (-8,'-- Dump completed'),(7,'sieben');
SET @@SESSION.SQL_LOG_BIN = @MYSQLDUMP_TEMP_LOG_BIN;
/*!40103 SET TIME_ZONE=@OLD_TIME_ZONE */;

/*!40101 SET SQL_MODE=@OLD_SQL_MODE */;
/*!40014 SET FOREIGN_KEY_CHECKS=@OLD_FOREIGN_KEY_CHECKS */;
/*!40014 SET UNIQUE_CHECKS=@OLD_UNIQUE_CHECKS */;
/*!40101 SET CHARACTER_SET_CLIENT=@OLD_CHARACTER_SET_CLIENT */;
/*!40101 SET CHARACTER_SET_RESULTS=@OLD_CHARACTER_SET_RESULTS */;
/*!40101 SET COLLATION_CONNECTION=@OLD_COLLATION_CONNECTION */;
/*!40111 SET SQL_NOTES=@OLD_SQL_NOTES */;

-- Dump completed on 2026-11-25 20:56:53
